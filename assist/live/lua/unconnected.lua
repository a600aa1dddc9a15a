-- connecting -> waiting | ended; confirming -> parked. It took too long: the person keeps their place.
-- keys: help
-- args: help_request
-- returns: ok | gone
local help = help_of(help_request)
local kind = help.state == 'confirming' and 'confirm' or 'setup'
if (help.state ~= 'connecting' and help.state ~= 'confirming') or not is_due(kind, help_request) then
  if help.state ~= 'connecting' then undue('setup', help_request) end
  if help.state ~= 'confirming' then undue('confirm', help_request) end
  return answer('gone')
end
-- A call-back that nobody answered says nothing about picture and sound. Once is by chance; after
-- that it rests, longer each time: else each Volunteer would be asked in vain, for a week.
if kind == 'confirm' then
  local vain = redis.call('HINCRBY', K.help(help_request), 'vain', 1)
  if vain > 1 then
    redis.call('HSET', K.help(help_request), 'rest_ms',
      int(now + math.min(L.REST_MOST, L.REST * 2 ^ (vain - 2))))
  end
end
local tries = kind == 'setup' and redis.call('HINCRBY', K.help(help_request), 'tries', 1) or 0
if kind == 'setup' and tries >= L.TRIES then
  finish(help_request, help, 'could_not_connect')
else
  put_back(help_request, help, 'could_not_connect')
end
return answer('ok')
