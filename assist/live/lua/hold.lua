-- (lease) One worker holds a single-reader role; it renews, another takes over when it is silent.
-- keys: role
-- args: name holder
-- returns: ok | taken
local held = redis.call('GET', K.role(name))
if held and held ~= holder then return answer('taken') end
redis.call('SET', K.role(name), holder, 'PX', T.role)
return answer('ok')
