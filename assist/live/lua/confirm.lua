-- confirming -> connecting. The Requester is there again: now the camera may open.
-- keys: help
-- args: help_request requester
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if help.state and help.requester ~= requester then return answer('not_yours') end
if help.state ~= 'confirming' then return answer('gone') end
redis.call('HSET', K.help(help_request), 'state', 'connecting')
redis.call('HDEL', K.help(help_request), 'parked_ms', 'vain', 'rest_ms')
undue('confirm', help_request)
undue('parked', help_request)
due('requester', requester, now + L.LEASE)
due('setup', help_request, now + L.SETUP)
emit('help.confirmed', legs_of(help_request, help), { requester, help.volunteer })
return answer('ok')
