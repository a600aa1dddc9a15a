-- What becomes of a HelpRequest and its Offers.

local function help_of(id) return hash(K.help(id)) end

local function leg_state(help_id, person)
  local leg = person ~= '' and redis.call('HGET', K.legs(help_id), person)
  return leg and string.match(leg, '^%a+') or 'new'
end

-- What every Event about a Call says.
local function legs_of(help_id, help)
  return {
    help_request = help_id, requester = help.requester, volunteer = help.volunteer or '',
    call = help.call or '', accepted_ms = help.accepted_ms or '',
    requester_leg = leg_state(help_id, help.requester),
    volunteer_leg = leg_state(help_id, help.volunteer or ''),
  }
end

-- Both see and hear each other. Emits call.connected.
local function connected(help_id, help, fields)
  redis.call('HSET', K.help(help_id), 'state', 'in_call', 'connected_ms', now)
  redis.call('HSET', K.roster(help.volunteer), 'last_call_ms', now)
  undue('setup', help_id)
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

-- Take one pending Offer off the table; the Volunteer is free again. Returns what they are now.
local function close_offer(offer_id, offer, outcome, why)
  redis.call('HSET', K.offer(offer_id), 'state', outcome, 'why', why, 'ended_ms', now)
  redis.call('SREM', K.offers(offer.help_request), offer_id)
  redis.call('HSET', K.asked(offer.help_request), offer.volunteer, outcome .. ':' .. int(now))
  redis.call('HDEL', K.legs(offer.help_request), offer.volunteer)
  undue('offer', offer_id)
  return release(offer.volunteer)
end

-- Withdraw every pending Offer of a HelpRequest. Returns "offer:volunteer:state:taking ..." and
-- the people to tell.
local function withdraw(help_id, why)
  local told, people = {}, {}
  for _, offer_id in ipairs(redis.call('SMEMBERS', K.offers(help_id))) do
    local offer = hash(K.offer(offer_id))
    local state, taking = close_offer(offer_id, offer, 'withdrawn', why)
    told[#told + 1] = table.concat({ offer_id, offer.volunteer, state, taking, why }, ':')
    people[#people + 1] = offer.volunteer
  end
  return table.concat(told, ' '), people
end

-- One Offer ended without an answer: back to waiting if it was the last. Emits offer.ended.
local function end_offer(offer_id, offer, outcome)
  local state, taking = close_offer(offer_id, offer, outcome, outcome)
  local help = help_of(offer.help_request)
  if help.state == 'ringing' and redis.call('SCARD', K.offers(offer.help_request)) == 0 then
    help.state = 'waiting'
    redis.call('HSET', K.help(offer.help_request), 'state', 'waiting')
  end
  return state, taking, help
end

local function say_offer_ended(offer_id, offer, outcome, state, taking, help)
  emit('offer.ended', {
    help_request = offer.help_request, requester = help.requester, offer = offer_id,
    volunteer = offer.volunteer, outcome = outcome, ended_ms = now, volunteer_state = state,
    taking = taking, state = help.state, asked = help.asked, since_ms = help.since_ms,
    reachable = help.reachable,
  }, { help.requester, offer.volunteer })
end

-- The end of a HelpRequest, from any state, whatever was going on. Emits help.ended.
local function finish(help_id, help, reason)
  local withdrawn, people = withdraw(help_id, 'gone')
  local volunteer, state, taking = help.volunteer or '', '', ''
  if volunteer ~= '' then
    if help.connected_ms then state, taking = wrap_up(volunteer) else state, taking = release(volunteer) end
    redis.call('PEXPIRE', K.call(help.call), L.CALL_KEPT)
  end
  redis.call('HSET', K.help(help_id), 'state', 'ended', 'reason', reason, 'ended_ms', now)
  redis.call('PEXPIRE', K.help(help_id), L.TOMBSTONE)
  redis.call('ZREM', K.open(), help_id)
  redis.call('ZREM', K.waiting(), help_id)
  redis.call('DEL', K.requester(help.requester), K.asked(help_id), K.legs(help_id))
  for _, kind in ipairs({ 'wave', 'setup', 'confirm', 'parked' }) do undue(kind, help_id) end
  undue('requester', help.requester)
  people[#people + 1] = help.requester
  people[#people + 1] = volunteer
  emit('help.ended', {
    help_request = help_id, requester = help.requester, reason = reason, ended_ms = now,
    call = help.call or '', volunteer = volunteer, volunteer_state = state, taking = taking,
    withdrawn = withdrawn, languages = help.languages, since_ms = help.since_ms,
  }, people)
end

-- The Call came to nothing: the person is back in their old place. Emits call.put_back.
local function put_back(help_id, help, reason)
  local volunteer, call = help.volunteer, help.call
  local state, taking = release(volunteer)
  local back_to = help.parked_ms and 'parked' or 'waiting'
  redis.call('HSET', K.help(help_id), 'state', back_to, 'volunteer', '', 'call', '',
    'n', help.n + 1, 'wave_ms', 0)
  redis.call('HDEL', K.help(help_id), 'accepted_ms')
  redis.call('HSET', K.asked(help_id), volunteer, 'missed:' .. int(now))
  redis.call('HDEL', K.legs(help_id), volunteer)
  redis.call('PEXPIRE', K.call(call), L.CALL_KEPT)
  redis.call('ZADD', K.waiting(), help.since_ms, help_id)
  undue('setup', help_id)
  undue('confirm', help_id)
  emit('call.put_back', {
    help_request = help_id, requester = help.requester, volunteer = volunteer, call = call,
    reason = reason, ended_ms = now, volunteer_state = state, taking = taking, state = back_to,
    since_ms = help.since_ms, asked = help.asked, reachable = help.reachable,
  }, { help.requester, volunteer })
end
