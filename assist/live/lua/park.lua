-- waiting | ringing -> parked. A call-back: no camera, a deadline of its own instead of a lease.
-- keys: help
-- args: help_request requester deadline_ms
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if help.state and help.requester ~= requester then return answer('not_yours') end
if help.state ~= 'waiting' and help.state ~= 'ringing' then return answer('gone') end
local withdrawn, people = withdraw(help_request, 'gone')
redis.call('HSET', K.help(help_request), 'state', 'parked', 'parked_ms', now, 'wave_ms', 0)
redis.call('HDEL', K.help(help_request), 'hold_ms')
undue('requester', requester)
due('parked', help_request, deadline_ms)
people[#people + 1] = requester
emit('help.parked', {
  help_request = help_request, requester = requester, deadline_ms = deadline_ms, state = 'parked',
  withdrawn = withdrawn, since_ms = help.since_ms, asked = help.asked, reachable = help.reachable,
}, people)
return answer('ok')
