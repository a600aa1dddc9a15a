-- parked | confirming -> ended. Its own deadline has passed.
-- keys:
-- args: help_request
-- returns: ok | gone
local help = help_of(help_request)
if (help.state ~= 'parked' and help.state ~= 'confirming') or not is_due('parked', help_request) then
  if help.state ~= 'parked' and help.state ~= 'confirming' then undue('parked', help_request) end
  return answer('gone')
end
finish(help_request, help, 'expired')
return answer('ok')
