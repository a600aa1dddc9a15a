-- (index) A Wave rang long enough: as soon as there is somebody more to ask, they are asked.
-- keys: waiting
-- args: help_request
-- returns: ok | gone
if not is_due('wave', help_request) then return answer('gone') end
undue('wave', help_request)
if not redis.call('ZSCORE', K.waiting(), help_request) then return answer('gone') end
hunger(help_request, help_of(help_request))
return answer('ok')
