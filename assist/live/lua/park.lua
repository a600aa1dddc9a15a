-- waiting | ringing -> parked. A call-back: no camera, a deadline of its own instead of a lease.
-- keys: help
-- args: help_request requester deadline_ms question
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if help.state and help.requester ~= requester then return answer('not_yours') end
if help.state ~= 'waiting' and help.state ~= 'ringing' then return answer('gone') end
local withdrawn, people = withdraw(help_request, 'gone')
help.state, help.question = 'parked', question
redis.call('HSET', K.help(help_request), 'state', 'parked', 'parked_ms', now, 'wave_ms', 0,
  'question', question)
redis.call('HDEL', K.help(help_request), 'hold_ms')
hunger(help_request, help)
undue('requester', requester)
undue('wave', help_request)
due('parked', help_request, deadline_ms)
people[#people + 1] = requester
emit('help.parked', told_of(help_request, help, {
  deadline_ms = deadline_ms, withdrawn = withdrawn,
}), people)
return answer('ok')
