-- (read) Could the relays carry one more HelpRequest? While none lives, one is just being started.
-- keys:
-- args:
-- returns: free | full | none
local relay, lives = relay_with_room({})
if relay then return answer('free') end
return answer(lives and 'full' or 'none')
