-- (lease) A relay says that it lives, where, and how loaded it is.
-- keys: relays relay
-- args: relay address port load legs
-- returns: ok
redis.call('ZADD', K.relays(), load, relay)
redis.call('HSET', K.relay(relay), 'address', address, 'port', port, 'load', load, 'legs', legs)
redis.call('PEXPIRE', K.relay(relay), L.RELAY_LEASE)
return answer('ok')
