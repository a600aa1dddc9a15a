-- (limit) So many in any window of this length, no more. Answers the wait in ms, 0 when allowed.
-- keys: rate
-- args: name limit window_ms event
-- returns: ok
local past = K.rate(name)
redis.call('ZREMRANGEBYSCORE', past, '-inf', now - window_ms)
if redis.call('ZCARD', past) >= tonumber(limit) then
  local oldest = redis.call('ZRANGE', past, 0, 0, 'WITHSCORES')
  return answer('ok', { wait_ms = tonumber(oldest[2]) + window_ms - now })
end
redis.call('ZADD', past, now, event)
redis.call('PEXPIRE', past, window_ms)
return answer('ok', { wait_ms = 0 })
