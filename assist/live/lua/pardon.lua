-- (limit) What was counted last does not count after all: a right code was no wrong try.
-- keys: rate
-- args: name
-- returns: ok
redis.call('ZPOPMAX', K.rate(name))
return answer('ok')
