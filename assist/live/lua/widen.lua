-- waiting | ringing -> the same. One more language is asked for, and for that a Wave is due at once.
-- keys: help
-- args: help_request requester language
-- returns: ok | gone | not_yours | out_of_turn
local help = help_of(help_request)
if help.state and help.requester ~= requester then return answer('not_yours') end
if help.practice == '1' then return answer('gone') end  -- nobody else is asked to it
if help.state ~= 'waiting' and help.state ~= 'ringing' then return answer('gone') end
local spoken = words(help.languages)
for _, one in ipairs(spoken) do
  if one == language then return answer('ok') end
end
if #spoken >= L.LANGUAGES then return answer('out_of_turn') end
help.languages = help.languages .. ' ' .. language
help.reachable = reachable(help)
redis.call('HSET', K.help(help_request), 'languages', help.languages, 'reachable', help.reachable,
  'wave_ms', 0)
hunger(help_request, help)
emit('help.widened', told_of(help_request, help), { requester })
return answer('ok')
