-- (roster) A person's access ends: rung no more, and every socket of theirs is told.
-- keys: roster
-- args: volunteer suspended
-- returns: ok
redis.call('HSET', K.roster(volunteer), 'suspended', suspended)
emit(suspended == '1' and 'person.suspended' or 'person.reinstated', { volunteer = volunteer }, {})
return answer('ok')
