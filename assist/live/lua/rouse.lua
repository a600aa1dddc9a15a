-- available <-> away. A Volunteer's own hours or snooze began or ended.
-- keys:
-- args: volunteer
-- returns: ok | gone
if not is_due('rouse', volunteer) then return answer('gone') end
local is, roster = volunteer_of(volunteer), roster_of(volunteer)
watch_hours(volunteer, roster)
if is.state ~= 'available' and is.state ~= 'away' then return answer('gone') end
local why = why_away(volunteer, is, roster) or ''
if is.why == why then return answer('gone') end
volunteer_changed(volunteer, stand(volunteer, { fresh_ms = now }))
return answer('ok')
