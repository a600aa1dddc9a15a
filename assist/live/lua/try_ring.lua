-- (ring) A Volunteer tries how a closed page rings. No Offer, nobody's state: it counts nowhere.
-- keys: tried
-- args: test volunteer
-- returns: ok
redis.call('HSET', K.tried(test), 'volunteer', volunteer)
redis.call('PEXPIRE', K.tried(test), T.tried)
emit('ring.tried', { test = test, volunteer = volunteer, at_ms = now }, {})
return answer('ok')
