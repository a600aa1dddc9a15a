-- in_call -> waiting. This Volunteer cannot go on; the person keeps their place and their Leg.
-- keys: help quality
-- args: help_request volunteer language topic
-- returns: ok | gone | not_yours | out_of_turn
local help = help_of(help_request)
if not help.state or help.state == 'ended' then return answer('gone') end
if help.volunteer ~= volunteer then
  -- The reply to the first try was lost; or they were never in it.
  return answer(help.handed_by == volunteer and 'ok' or 'not_yours')
end
-- Who never met has nothing to hand over: "End call" puts the person back. Nor has who practises.
if help.state ~= 'in_call' then return answer('out_of_turn') end
if help.practice == '1' then return answer('out_of_turn') end
local is = wrap_up(volunteer)
help.state = 'waiting'
local why = language ~= '' and 'language' or topic ~= '' and 'topic' or 'must_go'
help.handed_call, help.handed_by, help.handed_why, help.handed_ms = help.call, volunteer, why, now
local before = help.handed_languages and help.handed_languages .. ' ' .. help.languages or help.languages
ask_differently(help, language, topic)
help.reachable = reachable(help)
redis.call('HSET', K.help(help_request), 'handed_call', help.call, 'handed_by', volunteer,
  'handed_why', why, 'handed_ms', int(now), 'languages', help.languages, 'topic', help.topic,
  'topic_first', help.topic_first or '0',
  'handed_languages', before,
  'reachable', help.reachable, 'tries', 0)
redis.call('HDEL', K.help(help_request), 'connected_ms')
redis.call('HDEL', K.quality(help_request), volunteer)
back_in_line(help_request, help, is, 'handed', 'handed_over')
return answer('ok')
