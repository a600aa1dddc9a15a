-- (read) All that a Coordinator sees: the open HelpRequests, the Volunteers present, the relays.
-- keys: open help offers present roster relays relay
-- args: limit
-- returns: ok
local helps, volunteers, relays = {}, {}, {}
local function add(id, help)
  help.id, help.ringing = id, redis.call('SCARD', K.offers(id))
  help.requester_leg = leg_state(id, help.requester)
  help.volunteer_leg = leg_state(id, help.volunteer or '')
  help.requester_quality = quality_of(id, help.requester)
  help.volunteer_quality = quality_of(id, help.volunteer or '')
  helps[#helps + 1] = help
end

-- Nobody waits in a practice, and it is no Call.
for _, id in ipairs(redis.call('ZRANGE', K.open(), 0, limit - 1)) do
  local help = help_of(id)
  if help.practice ~= '1' then add(id, help) end
end
for _, id in ipairs(redis.call('ZRANGE', K.present(), 0, limit - 1)) do
  local is = volunteer_of(id)
  local at = (is.help_request or '') ~= '' and redis.call('HGET', K.help(is.help_request), 'practice')
  volunteers[#volunteers + 1] = {
    id = id, state = is.state, since_ms = is.since_ms, practising = at == '1',
    languages = redis.call('HGET', K.roster(id), 'languages') or '',
  }
end
for _, id in ipairs(redis.call('ZRANGE', K.relays(), 0, -1)) do
  local relay = hash(K.relay(id))
  if relay.address then
    relay.id = id
    relays[#relays + 1] = relay
  end
end
-- An empty Lua table is an empty JSON object: the reader takes both.
return answer('ok', { now_ms = now, helps = helps, volunteers = volunteers, relays = relays })
