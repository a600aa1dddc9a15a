-- (roster) A tie from SQL: of a Requester's circle, or two who would like to meet again.
-- keys: circle met
-- args: tie requester volunteer holds
-- returns: ok
local key = tie == 'circle' and K.circle(requester) or K.met(requester)
redis.call(holds == '1' and 'SADD' or 'SREM', key, volunteer)
return answer('ok')
