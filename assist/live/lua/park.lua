-- waiting | ringing | parked -> parked. A call-back: no camera, a deadline instead of a lease.
-- keys: help
-- args: help_request requester deadline_ms question
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if help.state and help.requester ~= requester then return answer('not_yours') end
if help.practice == '1' then return answer('gone') end  -- nobody else is asked to it
-- A closed house parks at once: the question comes after, once, and takes nobody's ring away.
local later = help.state == 'parked' and question == '1' and help.question ~= '1'
if help.state ~= 'waiting' and help.state ~= 'ringing' and not later then return answer('gone') end
local withdrawn, people = '', {}
if not later then withdrawn, people = withdraw(help_request, 'gone') end
help.state, help.question = 'parked', question
ask_all(help_request, help)
redis.call('HSET', K.help(help_request), 'state', 'parked', 'parked_ms', now, 'wave_ms', 0,
  'question', question)
redis.call('HDEL', K.help(help_request), 'hold_ms', 'handed_call', 'handed_why', 'handed_ms', 'handed_by',
  'handed_languages')
help.handed_call, help.handed_why, help.handed_ms = nil, nil, nil
hunger(help_request, help)
undue('requester', requester)
due('parked', help_request, deadline_ms)
people[#people + 1] = requester
emit('help.parked', told_of(help_request, help, {
  deadline_ms = deadline_ms, withdrawn = withdrawn,
}), people)
return answer('ok')
