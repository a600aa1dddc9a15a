-- What becomes of a HelpRequest and its Offers.

local function help_of(id) return hash(K.help(id)) end

local function leg_state(help_id, person)
  local leg = person ~= '' and redis.call('HGET', K.legs(help_id), person)
  return leg and string.match(leg, '^%a+') or 'new'
end

-- The least loaded relay that takes this HelpRequest in, or nothing; and whether any lives. Two who
-- already talk and lost theirs are taken in by every one that is not itself about to leave. `spare`:
-- so much of a core has to be free beside it.
local function relay_with_room(help, spare)
  local lives = false
  local relays = redis.call('ZRANGE', K.relays(), 0, -1, 'WITHSCORES')
  for i = 1, #relays, 2 do
    local takes_below = tonumber(redis.call('HGET', K.relay(relays[i]), 'takes_below') or nil)
    lives = lives or takes_below ~= nil
    if takes_below and (tonumber(relays[i + 1]) + (spare or 0) < takes_below
      or help.state == 'in_call' and takes_below >= 0) then return relays[i], true end
  end
  return nil, lives
end

-- Whether there is no room for this one's picture and sound anywhere: a Volunteer who accepted now
-- would only wait in vain. While no relay lives at all, one is just being started.
local function crowded_out(help)
  if help.relay and redis.call('EXISTS', K.relay(help.relay)) == 1 then return false end
  local relay, lives = relay_with_room(help)
  return lives and not relay
end

-- What this person's page has measured of late, as it wrote it; nil when that is too old.
local function quality_of(help_id, person)
  local kept = person ~= '' and redis.call('HGET', K.quality(help_id), person)
  local at, quality = string.match(kept or '', '^(%d+) (.+)$')
  if at and now - tonumber(at) < T.quality then return quality end
end

-- Whether another Volunteer has helped before, and handed over.
local function was_handed(help) return (help.handed_call or '') ~= '' and '1' or '0' end

-- What every Event about a Call says.
local function legs_of(help_id, help)
  return {
    help_request = help_id, requester = help.requester, volunteer = help.volunteer or '',
    call = help.call or '', accepted_ms = help.accepted_ms or '',
    requester_leg = leg_state(help_id, help.requester),
    volunteer_leg = leg_state(help_id, help.volunteer or ''),
    named = help.named or '0', braille = help.braille or '0', practice = help.practice or '0',
    handed = was_handed(help),
  }
end

-- Both see and hear each other. Emits call.connected.
local function connected(help_id, help, fields)
  redis.call('HSET', K.help(help_id), 'state', 'in_call', 'connected_ms', now)
  -- Who practised has helped nobody yet: their turn stays what it is.
  if help.practice ~= '1' then redis.call('HSET', K.roster(help.volunteer), 'turn_ms', now) end
  undue('setup', help_id)
  -- They have each other by the relay: where web dies before their next beat, neither is lost.
  for _, page in ipairs({ 'requester:' .. help.requester, 'volunteer:' .. help.volunteer }) do
    redis.call('ZADD', K.deadlines(), 'XX', 'GT', now + L.LEASE_KEPT, page)
  end
  fields.connected_ms = now
  emit('call.connected', fields, { help.requester, help.volunteer })
end

-- One Leg moved. It concerns the two people of a Call; a Leg warmed while ringing, nobody yet.
local function leg_changed(help_id, help, person, leg)
  local fields = legs_of(help_id, help)
  fields.person, fields.call_state = person, help.state
  fields.role = person == help.requester and 'requester' or 'volunteer'
  for name, value in pairs(leg) do fields[name] = value end
  local met = fields.volunteer ~= '' and (person == help.requester or person == help.volunteer)
  emit('leg.changed', fields, met and { help.requester, help.volunteer } or {})
end

-- What every Event about a HelpRequest outside a Call says of it.
local function told_of(help_id, help, more)
  local fields = {
    help_request = help_id, requester = help.requester, state = help.state, asked = help.asked,
    since_ms = help.since_ms, reachable = help.reachable, languages = help.languages,
    among = help.among, topic = help.topic, question = help.question,
    first_ms = help.first_ms or 0, named = help.named or '0', braille = help.braille or '0',
    handed_call = help.handed_call or '', handed_why = help.handed_why or '',
    handed_ms = help.handed_ms or 0, practice = help.practice or '0',
  }
  for name, value in pairs(more or {}) do fields[name] = value end
  return fields
end

-- Asked before in this HelpRequest: only a minute after a miss, or, after "Not now", once they
-- have made themselves available anew. Who handed over would only have to do so again.
local function may_repeat(past, volunteer)
  local outcome, at = string.match(past, '^(%a+):(%d+)$')
  if outcome == 'handed' then return false end
  if outcome == 'declined' then return tonumber(volunteer.fresh_ms or 0) > tonumber(at) end
  return outcome ~= 'missed' or now - tonumber(at) >= L.MISSED_REST
end

-- What is asked for once it is handed over. In this language and no other: they have just found out
-- that the first did not help. Only the person can ask in the others again, and must be able to: see
-- `others`. Of this topic, if possible.
local function ask_differently(help, language, topic)
  if language ~= '' then help.languages = language end
  if topic ~= '' then help.topic, help.topic_first = topic, '1' end
end

-- Nobody is asked alone any more: who was wanted again could not come, or had to leave.
local function ask_all(help_id, help)
  if (help.first or '') == '' then return end
  help.first, help.first_ms = '', 0
  redis.call('HSET', K.help(help_id), 'first', '', 'first_ms', 0)
end

-- Wanting more people asked: nobody's phone rings for it, or the last Wave rang long enough. Parked
-- ones come after everybody who stands there with a phone in the hand.
local function hunger(help_id, help)
  local place = tonumber(help.since_ms)
  if help.state == 'parked' then place = place + L.AGES end
  redis.call('ZADD', K.hungry(), place, help_id)
  undue('wave', help_id)
end

-- Learn how likely it is that a ring made by this way is accepted promptly. One that was withdrawn
-- sooner counts in part, as life tables count those who leave a study: for the square of the share
-- of that time it had, because hands take time and in half of it only a quarter have answered.
-- Whoever practises waits for the ring: that says nothing about others.
local function learn(offer, outcome)
  if offer.practice == '1' then return end
  local rang, weight = now - tonumber(offer.made_ms), 1
  if outcome == 'withdrawn' then weight = math.min(1, rang / L.PROMPT) ^ 2 end
  local prompt = outcome == 'accepted' and rang <= L.PROMPT
  local made, taken = offer.reach .. '_made', offer.reach .. '_taken'
  local past, left = redis.call('HMGET', K.odds(), made, taken), L.ODDS_DECAY ^ weight
  redis.call('HSET', K.odds(), made, (tonumber(past[1]) or 0) * left + weight,
    taken, (tonumber(past[2]) or 0) * left + (prompt and 1 or 0))
end

-- Half of what the waiting had earned is gone: who lets rings pass sinks, nobody falls to the end.
local function sink(volunteer)
  local turn = tonumber(roster_of(volunteer).turn_ms or now)
  redis.call('HSET', K.roster(volunteer), 'turn_ms', int((turn + now) / 2))
end

-- Three rings in a row that passed: an open page is set away, kindly; by push it is no wonder.
local function missed(volunteer, offer)
  local misses = tonumber(volunteer_of(volunteer).misses or 0) + 1
  sink(volunteer)
  if offer.reach == 'page' and misses >= L.MISSES then
    return { misses = 0, taking = '0', off = 'missed' }
  end
  return { misses = misses }
end

-- Somebody was quicker: first in line for a minute. But not after three rings in a row that nobody
-- touched for as long as most answers take: a page that was left open stood at the head for ever.
local function outrun(volunteer, offer)
  local passed = tonumber(volunteer_of(volunteer).passed or 0)
  if now - tonumber(offer.made_ms) >= L.PROMPT then passed = passed + 1 end
  if passed > 0 then redis.call('HSET', K.volunteer(volunteer), 'passed', passed) end
  if passed >= L.MISSES then
    sink(volunteer)
    return {}
  end
  due('next', volunteer, now + L.NEXT)
  return { next_ms = now + L.NEXT }
end

-- Take one pending Offer off the table; the Volunteer is free again. Returns what they are now.
local function close_offer(offer_id, offer, outcome, why)
  redis.call('HSET', K.offer(offer_id), 'state', outcome, 'why', why, 'ended_ms', now)
  redis.call('SREM', K.offers(offer.help_request), offer_id)
  redis.call('HSET', K.asked(offer.help_request), offer.volunteer, outcome .. ':' .. int(now))
  redis.call('HDEL', K.legs(offer.help_request), offer.volunteer)
  undue('offer', offer_id)
  local fields = {}
  if outcome == 'missed' then fields = missed(offer.volunteer, offer) end
  if outcome == 'declined' then
    fields = { misses = 0 }
    redis.call('HDEL', K.volunteer(offer.volunteer), 'passed')
  end
  if why == 'quicker' then fields = outrun(offer.volunteer, offer) end
  learn(offer, outcome)
  return release(offer.volunteer, fields)
end

-- Withdraw every pending Offer of a HelpRequest. Returns, for each, what its Volunteer is told
-- ("offer:volunteer:state:taking:why:away:next_ms ..."), and the people to tell.
local function withdraw(help_id, why)
  local told, people = {}, {}
  for _, offer_id in ipairs(redis.call('SMEMBERS', K.offers(help_id))) do
    local offer = hash(K.offer(offer_id))
    local is = close_offer(offer_id, offer, 'withdrawn', why)
    told[#told + 1] = table.concat({
      offer_id, offer.volunteer, is.state, is.taking or '0', why, is.why, int(next_of(is)),
    }, ':')
    people[#people + 1] = offer.volunteer
  end
  return table.concat(told, ' '), people
end

-- The end of a HelpRequest, from any state, whatever was going on. `parted`: somebody of an
-- earlier Call, who is blocked now. Emits help.ended.
local function finish(help_id, help, reason, parted, parted_call)
  local withdrawn, people = withdraw(help_id, 'gone')
  local volunteer, is = help.volunteer or '', {}
  if volunteer ~= '' then
    is = help.connected_ms and wrap_up(volunteer) or release(volunteer)
    redis.call('PEXPIRE', K.call(help.call), L.CALL_KEPT)
  end
  redis.call('HSET', K.help(help_id), 'state', 'ended', 'reason', reason, 'ended_ms', now)
  redis.call('PEXPIRE', K.help(help_id), help.practice == '1' and L.PRACTICE_KEPT or L.TOMBSTONE)
  redis.call('ZREM', K.open(), help_id)
  redis.call('ZREM', K.waiting(), help_id)
  redis.call('ZREM', K.hungry(), help_id)
  redis.call('DEL', K.requester(help.requester), K.asked(help_id), K.legs(help_id))
  for _, kind in ipairs({ 'wave', 'setup', 'confirm', 'parked', 'practice' }) do undue(kind, help_id) end
  undue('requester', help.requester)
  people[#people + 1] = help.requester
  people[#people + 1] = volunteer
  emit('help.ended', {
    help_request = help_id, requester = help.requester, reason = reason, ended_ms = now,
    call = help.call or '', volunteer = volunteer, volunteer_state = is.state or '',
    taking = is.taking or '', away = is.why or '', withdrawn = withdrawn,
    languages = help.languages, since_ms = help.since_ms, question = help.question,
    parted = parted or '', parted_call = parted_call or '', practice = help.practice or '0',
  }, people)
  if help.practice == '1' then redis.call('PEXPIRE', K.seq(help.requester), L.PRACTICE_KEPT) end
end

-- One Offer ended without an answer: back to waiting if it was the last. Emits offer.ended. A practice
-- was rung to this Volunteer alone, so it is over. `parted`: the block of an earlier Call that ended
-- it, as people.parted tells it.
local function end_offer(offer_id, offer, outcome, parted)
  local help = help_of(offer.help_request)
  if help.practice == '1' then
    return finish(offer.help_request, help, outcome == 'declined' and 'volunteer_ended' or 'volunteer_lost')
  end
  local is = close_offer(offer_id, offer, outcome, outcome)
  if offer.volunteer == help.first then ask_all(offer.help_request, help) end
  if redis.call('SCARD', K.offers(offer.help_request)) == 0 then
    if help.state == 'ringing' then
      help.state = 'waiting'
      redis.call('HSET', K.help(offer.help_request), 'state', 'waiting')
    end
    if redis.call('ZSCORE', K.waiting(), offer.help_request) then hunger(offer.help_request, help) end
  end
  parted = parted or {}
  emit('offer.ended', told_of(offer.help_request, help, {
    offer = offer_id, volunteer = offer.volunteer, outcome = outcome, ended_ms = now,
    volunteer_state = is.state, taking = is.taking or '0', away = is.why, next_ms = next_of(is),
    parted = parted.parted or '', parted_call = parted.call or '', parted_reason = parted.reason or '',
  }), { help.requester, offer.volunteer })
end

-- These two are parted. If the phone of one rings for the other, the ring ends, and the person waits for
-- somebody else; says whether it did. Emits offer.ended.
local function hush(volunteer, requester, outcome, parted)
  local offer_id = volunteer_of(volunteer).offer or ''
  local offer = offer_id ~= '' and hash(K.offer(offer_id)) or {}
  if not offer.help_request or offer.practice == '1'
    or help_of(offer.help_request).requester ~= requester then return false end
  end_offer(offer_id, offer, outcome, parted)
  return true
end

-- The Volunteer is out of it, as `is` says, and the person is back in their old place. `past`: what
-- that Volunteer has been to this HelpRequest. Emits call.put_back.
local function back_in_line(help_id, help, is, past, reason)
  local volunteer, call = help.volunteer, help.call
  ask_all(help_id, help)
  redis.call('HSET', K.help(help_id), 'state', help.state, 'volunteer', '', 'call', '',
    'n', help.n + 1, 'wave_ms', 0)
  redis.call('HDEL', K.help(help_id), 'accepted_ms')
  redis.call('HSET', K.asked(help_id), volunteer, past .. ':' .. int(now))
  redis.call('HDEL', K.legs(help_id), volunteer)
  redis.call('PEXPIRE', K.call(call), L.CALL_KEPT)
  redis.call('ZADD', K.waiting(), help.since_ms, help_id)
  hunger(help_id, help)
  emit('call.put_back', told_of(help_id, help, {
    volunteer = volunteer, call = call, reason = reason, ended_ms = now,
    volunteer_state = is.state, taking = is.taking or '0', away = is.why,
  }), { help.requester, volunteer })
end

-- The Call came to nothing. Nobody else is asked to a practice: it is over, and says so.
local function put_back(help_id, help, reason)
  if help.practice == '1' then return finish(help_id, help, reason) end
  help.state = help.parked_ms and 'parked' or 'waiting'
  undue('setup', help_id)
  undue('confirm', help_id)
  back_in_line(help_id, help, release(help.volunteer), 'missed', reason)
end
