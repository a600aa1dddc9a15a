-- What a Volunteer does, and the indexes that matching reads; these never disagree.

local function volunteer_of(id) return hash(K.volunteer(id)) end
local function roster_of(id) return hash(K.roster(id)) end

local function leased(id)
  local lease = redis.call('ZSCORE', K.deadlines(), 'volunteer:' .. id)
  return lease and tonumber(lease) > now
end

-- How this Volunteer's phone could ring now: by an open page that is on the screen, by push, or not.
local function reach_of(id, volunteer, roster)
  local held = volunteer.hold_ms and tonumber(volunteer.hold_ms) <= now
  if leased(id) and not held then return 'page' end
  return roster.push == '1' and 'push' or nil
end

-- Their own hours, as "from:until ..." in ms for the next two days; none given means always.
local function awake(roster)
  if (roster.awake or '') == '' then return true end
  for _, window in ipairs(words(roster.awake)) do
    local from, till = string.match(window, '^(%d+):(%d+)$')
    if tonumber(from) <= now and now < tonumber(till) then return true end
  end
  return false
end

-- Why this Volunteer, who is busy with nothing, is not to be rung; nil when they are available.
local function why_away(id, volunteer, roster)
  if roster.suspended == '1' then return 'suspended' end
  if volunteer.taking ~= '1' then return (volunteer.off or '') ~= '' and volunteer.off or 'chosen' end
  if tonumber(roster.snooze_ms or 0) > now then return 'snoozed' end
  if not awake(roster) then return 'asleep' end
  if not leased(id) and roster.push ~= '1' then return 'gone' end
end

-- The lists a Volunteer stands in: of each language and reach, "all" and those of their topics.
local function lists_of(roster, reach)
  local lists = {}
  for _, language in ipairs(words(roster.languages)) do
    local topics = words(roster.topics)
    if #topics == 0 then topics = { 'any' } end
    topics[#topics + 1] = 'all'
    for _, topic in ipairs(topics) do
      lists[#lists + 1] = table.concat({ language, reach, topic }, '.')
    end
  end
  return lists
end

-- Until when they are first in line, 0 when they are not.
local function next_of(volunteer)
  local at = tonumber(volunteer.next_ms or 0)
  return at > now and at or 0
end

-- Longest since their turn stands first; before all of them who was too late a moment ago.
local function place_of(volunteer, roster)
  local turn = tonumber(roster.turn_ms or now)
  return next_of(volunteer) > 0 and turn - L.AGES or turn
end

local function index(id, volunteer, roster, reach)
  for _, list in ipairs(words(volunteer.indexed)) do redis.call('ZREM', K.available(list), id) end
  local lists = {}
  if volunteer.state == 'available' and roster.public ~= '0' then
    lists = lists_of(roster, reach)
    for _, list in ipairs(lists) do
      redis.call('ZADD', K.available(list), place_of(volunteer, roster), id)
    end
  end
  redis.call('HSET', K.volunteer(id), 'indexed', table.concat(lists, ' '))
end

-- `volunteer` and `roster` are given by whoever has just read them.
local function set_volunteer(id, state, fields, volunteer, roster)
  volunteer, roster = volunteer or volunteer_of(id), roster or roster_of(id)
  for name, value in pairs(fields or {}) do volunteer[name] = value end
  volunteer.state, volunteer.since_ms = state, now
  volunteer.reach = reach_of(id, volunteer, roster) or 'page'
  index(id, volunteer, roster, volunteer.reach)
  local flat = {}
  for name, value in pairs(volunteer) do
    if name ~= 'indexed' then
      flat[#flat + 1] = name
      flat[#flat + 1] = value
    end
  end
  redis.call('HSET', K.volunteer(id), unpack(flat))
  undue('wrap', id)
  if state == 'away' then
    redis.call('ZREM', K.present(), id)
    if volunteer.taking ~= '1' then
      undue('volunteer', id)
      redis.call('PEXPIRE', K.volunteer(id), L.FORGOTTEN)
    end
  else
    redis.call('ZADD', K.present(), now, id)
    redis.call('PERSIST', K.volunteer(id))
  end
  return volunteer
end

-- Free again, or away if they want no more or cannot be reached. What they are now, with the reason.
local function stand(id, fields)
  local volunteer, roster = volunteer_of(id), roster_of(id)
  for name, value in pairs(fields or {}) do volunteer[name] = value end
  fields = fields or {}
  fields.why = why_away(id, volunteer, roster) or ''
  return set_volunteer(id, fields.why == '' and 'available' or 'away', fields, volunteer, roster)
end

local FREE = { offer = '', help_request = '', call = '' }

local function free(fields)
  local all = {}
  for name, value in pairs(FREE) do all[name] = value end
  for name, value in pairs(fields or {}) do all[name] = value end
  return all
end

-- After a ring or a call that came to nothing.
local function release(id, fields) return stand(id, free(fields)) end

-- After a call that took place: a moment for the two questions first, as long as they like one.
local function wrap_up(id)
  local volunteer, roster = volunteer_of(id), roster_of(id)
  local moment = math.min(tonumber(roster.wrap_ms or L.WRAP_UP), L.WRAP_UP_MOST)
  if moment <= 0 then return release(id, { fresh_ms = now }) end
  if why_away(id, volunteer, roster) then return release(id) end
  local now_is = set_volunteer(id, 'wrapping_up', free({ why = '' }))
  due('wrap', id, now + moment)
  return now_is
end

local function speaks(roster, language)
  return string.find(' ' .. (roster.languages or '') .. ' ', ' ' .. language .. ' ', 1, true) ~= nil
end

local function understands(roster, languages)
  for _, language in ipairs(words(languages)) do
    if speaks(roster, language) then return true end
  end
end

-- Nobody is asked about what they would rather not, nor in vain where they named nothing.
local function likes(roster, topic)
  if topic == '' or (roster.topics or '') == '' then return true end
  return string.find(' ' .. roster.topics .. ' ', ' ' .. topic .. ' ', 1, true) ~= nil
end

-- A topic that the person chose is a condition. One that a hand-over named only says who comes
-- first: nobody is left alone for it.
local function condition_of(help) return help.topic_first == '1' and '' or help.topic end

-- May this Volunteer's phone ring now?
local function can_ring(id, volunteer, roster)
  return volunteer.state == 'available' and not why_away(id, volunteer, roster)
    and reach_of(id, volunteer, roster) ~= nil
end

-- When their own hours or their snooze change next, so that somebody looks again.
local function watch_hours(id, roster)
  local soonest
  local function consider(at)
    at = tonumber(at)
    if at and at > now and (not soonest or at < soonest) then soonest = at end
  end
  consider(roster.snooze_ms)
  for _, window in ipairs(words(roster.awake)) do
    local from, till = string.match(window, '^(%d+):(%d+)$')
    consider(from)
    consider(till)
  end
  undue('rouse', id)
  if soonest then due('rouse', id, soonest) end
end

local function volunteer_changed(id, is)
  emit('volunteer.changed', {
    volunteer = id, state = is.state, taking = is.taking or '0', reach = is.reach or 'page',
    why = is.why or '', at_ms = now,
  }, { id })
end

local function blocked(one, other)
  return redis.call('SISMEMBER', K.blocks(one), other) == 1
end

local function block(one, other)
  redis.call('SADD', K.blocks(one), other)
  redis.call('SADD', K.blocks(other), one)
end

-- Is one Volunteer asked alone just now, because the person would like them again?
local function is_alone(help)
  return (help.first or '') ~= '' and tonumber(help.first_ms) > now
end

-- Who helps only the circles they belong to is asked by nobody else.
local function is_open_to(id, roster, help)
  return roster.public ~= '0' or redis.call('SISMEMBER', K.circle(help.requester), id) == 1
end

-- How many of an index could be asked by somebody who is parted from these.
local function count_listed(list, parted)
  local found = redis.call('ZCARD', K.available(list))
  for _, id in ipairs(parted) do
    if redis.call('ZSCORE', K.available(list), id) then found = found - 1 end
  end
  return found
end

-- Of the circle, whoever could be asked now, as the roster knows them. Read once for all languages:
-- fifty people are read, and Redis serves nobody else meanwhile.
local function friends_of(help)
  local friends = {}
  if help.among == 'anyone' then return friends end
  for _, id in ipairs(redis.call('SMEMBERS', K.circle(help.requester))) do
    local roster = roster_of(id)
    if likes(roster, condition_of(help)) and can_ring(id, volunteer_of(id), roster)
      and not blocked(help.requester, id) then friends[#friends + 1] = roster end
  end
  return friends
end

-- How many could be asked now in one language. Nobody must be told that somebody is free when it is
-- only whom they blocked, or a friend who does not speak it.
local function free_in(language, help, friends)
  local found = 0
  for _, roster in ipairs(friends) do
    if speaks(roster, language) then found = found + 1 end
  end
  if help.among == 'circle' then return found end
  local parted, topic = redis.call('SMEMBERS', K.blocks(help.requester)), condition_of(help)
  for _, reach in ipairs({ 'page', 'push' }) do
    for _, list in ipairs(topic == '' and { 'all' } or { 'any', topic }) do
      found = found + count_listed(table.concat({ language, reach, list }, '.'), parted)
    end
  end
  return found
end

-- How many could be asked now. A person of two languages counts once for each: near enough.
local function reachable(help)
  local found, friends = 0, friends_of(help)
  for _, language in ipairs(words(help.languages)) do
    found = found + free_in(language, help, friends)
  end
  return found
end
