-- (ring) How far a ring that is tried has come on one device. Only where it was sent can it arrive,
-- and what has arrived is not merely taken any more, in whatever order the two are heard.
-- keys: tried
-- args: test volunteer device how
-- returns: ok | gone
local is = redis.call('HMGET', K.tried(test), 'volunteer', device)
if is[1] ~= volunteer or not is[2] and how ~= 'sent' then return answer('gone') end
if is[2] ~= 'arrived' then redis.call('HSET', K.tried(test), device, how) end
return answer('ok')
