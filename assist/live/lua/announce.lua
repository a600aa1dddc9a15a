-- (lease) A relay says that it lives, where, how loaded it is, and below which load it takes more.
-- keys: relays relay
-- args: relay address port load legs takes_below
-- returns: ok
redis.call('ZADD', K.relays(), load, relay)
redis.call('HSET', K.relay(relay), 'address', address, 'port', port, 'load', load, 'legs', legs,
  'takes_below', takes_below)
redis.call('PEXPIRE', K.relay(relay), L.RELAY_LEASE)
for _, id in ipairs(redis.call('ZRANGE', K.relays(), 0, -1)) do
  if redis.call('EXISTS', K.relay(id)) == 0 then redis.call('ZREM', K.relays(), id) end
end
return answer('ok')
