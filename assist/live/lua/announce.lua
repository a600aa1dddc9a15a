-- (lease) A relay says that it lives, where, how loaded it is, and below which load it takes more:
-- below zero when it is about to leave. Answers how many others could carry what it carries.
-- keys: relays relay
-- args: relay address port load legs takes_below dropped
-- returns: ok
redis.call('ZADD', K.relays(), load, relay)
redis.call('HSET', K.relay(relay), 'address', address, 'port', port, 'load', load, 'legs', legs,
  'takes_below', takes_below, 'dropped', dropped)
redis.call('PEXPIRE', K.relay(relay), L.RELAY_LEASE)
local others = 0
for _, id in ipairs(redis.call('ZRANGE', K.relays(), 0, -1)) do
  local below = redis.call('HGET', K.relay(id), 'takes_below')
  if not below then redis.call('ZREM', K.relays(), id)
  elseif id ~= relay and tonumber(below) >= 0 then others = others + 1 end
end
return answer('ok', { others = others })
