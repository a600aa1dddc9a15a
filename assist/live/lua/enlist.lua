-- available <-> away. What matching must know of a Volunteer, copied from SQL; hours take hold at once.
-- keys: roster
-- args: volunteer languages topics public push awake snooze_ms ring_ms wrap_ms taking
-- returns: ok
redis.call('HSETNX', K.roster(volunteer), 'turn_ms', int(now - L.HEADSTART))
redis.call('HSET', K.roster(volunteer), 'languages', languages, 'topics', topics, 'public', public,
  'push', push, 'awake', awake, 'snooze_ms', snooze_ms, 'ring_ms', ring_ms,
  'wrap_ms', wrap_ms)
local roster, is = roster_of(volunteer), volunteer_of(volunteer)
watch_hours(volunteer, roster)
if not is.state then
  -- A Redis that forgot: whom a push reaches goes on taking calls.
  if taking == '1' and push == '1' then volunteer_changed(volunteer, stand(volunteer, free({ taking = '1' }))) end
  return answer('ok')
end
if is.state ~= 'available' and is.state ~= 'away' then return answer('ok') end
local why = why_away(volunteer, is, roster) or ''
if why ~= (is.why or '') then
  volunteer_changed(volunteer, stand(volunteer, why == '' and { fresh_ms = now } or {}))
else
  index(volunteer, is, roster, is.reach)
end
return answer('ok')
