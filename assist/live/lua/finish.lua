-- any -> ended. The house itself ends it: it stops, or a person's access ended.
-- keys:
-- args: help_request reason
-- returns: ok | gone
local help = help_of(help_request)
if not help.state or help.state == 'ended' then return answer('gone') end
finish(help_request, help, reason)
return answer('ok')
