-- (figures) What a page of a Call has measured of its own connection; no transition, no Event.
-- keys: help quality
-- args: help_request person quality
-- returns: ok | practice | gone | not_yours
local help = redis.call('HMGET', K.help(help_request), 'state', 'call', 'requester', 'volunteer',
  'practice')
if not help[1] or help[1] == 'ended' or help[2] == '' then return answer('gone') end
if person ~= help[3] and person ~= help[4] then return answer('not_yours') end
redis.call('HSET', K.quality(help_request), person, int(now) .. ' ' .. quality)
redis.call('PEXPIRE', K.quality(help_request), T.quality)
return answer(help[5] == '1' and 'practice' or 'ok')
