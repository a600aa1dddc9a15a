-- (limit) A rate limit by theoretical arrival time (GCRA). Answers the wait in ms, 0 when allowed.
-- keys: rate
-- args: name limit window_ms
-- returns: ok
local window = tonumber(window_ms)
local step = window / tonumber(limit)
local arrival = math.max(tonumber(redis.call('GET', K.rate(name)) or 0), now)
local wait = arrival - now - (window - step)
if wait > 0 then return answer('ok', { wait_ms = math.ceil(wait) }) end
redis.call('SET', K.rate(name), int(arrival + step), 'PX', math.ceil(arrival + step - now))
return answer('ok', { wait_ms = 0 })
