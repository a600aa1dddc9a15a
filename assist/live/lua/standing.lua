-- (read) Who could be asked now: the first tier that has somebody fresh, else who may be asked again.
-- keys: waiting asked available circle met offers offer odds volunteer roster
-- args: help_request limit
-- returns: ok | gone
local help = help_of(help_request)
if not redis.call('ZSCORE', K.waiting(), help_request) then return answer('gone') end
limit = tonumber(limit)
local requester = help.requester
local spoken = {}
for rank, language in ipairs(words(help.languages)) do spoken[language] = rank end

-- The place of the first shared language in the Requester's order, nil if there is none.
local function rank_of(roster)
  local best
  for _, language in ipairs(words(roster.languages)) do
    local rank = spoken[language]
    if rank and (not best or rank < best) then best = rank end
  end
  return best
end

local again, seen = {}, {}
-- One person of a tier, as "id:reach:rank:place", or nothing.
local function consider(id)
  if seen[id] then return end
  seen[id] = true
  local volunteer, roster = volunteer_of(id), roster_of(id)
  local rank = rank_of(roster)
  if not rank or not likes(roster, help.topic) or not can_ring(id, volunteer, roster)
    or blocked(requester, id) then return end
  local found = table.concat({
    id, reach_of(id, volunteer, roster), rank, int(place_of(volunteer, roster)),
  }, ':')
  local past = redis.call('HGET', K.asked(help_request), id)
  if not past then return found end
  if may_repeat(past, volunteer) then again[#again + 1] = found end
end

local function among(people)
  local fresh = {}
  for _, id in ipairs(people) do fresh[#fresh + 1] = consider(id) end
  return fresh
end

-- Somebody from an index: available, of this language and topic, so that little is left to look at.
-- What the index cannot know (a lease that ran out, a hidden page) is looked up in full.
local function consider_listed(id, reach, rank, place)
  if seen[id] then return end
  if reach == 'page' and (not leased(id) or redis.call('HGET', K.volunteer(id), 'hold_ms')) then
    return consider(id)
  end
  seen[id] = true
  local hours = redis.call('HMGET', K.roster(id), 'awake', 'snooze_ms')
  if tonumber(hours[2] or 0) > now or not awake({ awake = hours[1] or '' })
    or blocked(requester, id) then return end
  local found = table.concat({ id, reach, rank, int(tonumber(place)) }, ':')
  local past = redis.call('HGET', K.asked(help_request), id)
  if not past then return found end
  if may_repeat(past, volunteer_of(id)) then again[#again + 1] = found end
end

-- One ordered list, read page by page until enough are fresh.
local PAGE = 32
local function read_list(language, reach, list, fresh, most)
  local key, at = K.available(table.concat({ language, reach, list }, '.')), 0
  while #fresh < most do
    local page = redis.call('ZRANGE', key, at, at + PAGE - 1, 'WITHSCORES')
    for i = 1, #page, 2 do
      fresh[#fresh + 1] = consider_listed(page[i], reach, spoken[language], page[i + 1])
      if #fresh >= most then return end
    end
    if #page < 2 * PAGE then return end
    at = at + PAGE
  end
end

-- In the order in which they would be asked, until there are more than one Wave could need.
local function everybody()
  local fresh = {}
  for _, language in ipairs(words(help.languages)) do
    for _, reach in ipairs({ 'page', 'push' }) do
      for _, list in ipairs(help.topic == '' and { 'all' } or { help.topic, 'any' }) do
        read_list(language, reach, list, fresh, #fresh + limit)
      end
      if #fresh >= limit then return fresh end
    end
  end
  return fresh
end

local MOST_MET = 64
local TIERS = {
  circle = function() return among(redis.call('SMEMBERS', K.circle(requester))) end,
  met = function()
    local public = {}
    -- Who helps only their circles is not asked for a meeting of long ago: offer would refuse.
    -- Some of them, where years have made them many: nobody else is served while we look.
    for _, id in ipairs(redis.call('SRANDMEMBER', K.met(requester), MOST_MET)) do
      if roster_of(id).public ~= '0' then public[#public + 1] = id end
    end
    return among(public)
  end,
  everybody = everybody,
}
local ORDER = {
  circle = { 'circle' }, circle_first = { 'circle', 'met', 'everybody' }, anyone = { 'everybody' },
}
-- Whom the person would like again, once: they have understood each other before.
local function the_one(id)
  local volunteer, roster = volunteer_of(id), roster_of(id)
  if redis.call('HEXISTS', K.asked(help_request), id) == 1 or not can_ring(id, volunteer, roster)
    or blocked(requester, id) or not is_open_to(id, roster, help) then return {} end
  return { table.concat({ id, reach_of(id, volunteer, roster), 1, int(place_of(volunteer, roster)) }, ':') }
end

local function nearest()
  for _, name in ipairs(ORDER[help.among]) do
    local found = TIERS[name]()
    if #found > 0 then return found, name end
  end
  return {}, 'again'
end

local chosen, tier
if is_alone(help) then
  chosen, tier = the_one(help.first), 'first'
else
  chosen, tier = nearest()
  if #chosen == 0 and condition_of(help) ~= help.topic then
    -- Of those who know of it there is nobody fresh: the others, before anybody a second time.
    again, seen, help.topic = {}, {}, ''
    chosen, tier = nearest()
  end
  if #chosen == 0 then chosen = again end
end

-- The Requester's page is hidden, they were called back in vain a while ago, or all lines are busy.
local held = help.hold_ms and tonumber(help.hold_ms) <= now
  or help.state == 'parked' and tonumber(help.rest_ms or 0) > now
  or crowded_out(help)

-- Those whose phones ring already count for the size of the next Wave.
local ringing = {}
for _, id in ipairs(redis.call('SMEMBERS', K.offers(help_request))) do
  ringing[#ringing + 1] = redis.call('HGET', K.offer(id), 'reach')
end
return answer('ok', {
  state = help.state, wave = tonumber(help.wave), wave_ms = tonumber(help.wave_ms), now_ms = now,
  held = held or false, tier = tier,
  candidates = table.concat(chosen, ' '), ringing = table.concat(ringing, ' '),
  odds = hash(K.odds()),
})
