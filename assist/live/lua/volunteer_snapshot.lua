-- (read) All that is true for one Volunteer, with their last number.
-- keys: run seq offer
-- args: volunteer fresh_run
-- returns: ok
redis.call('SET', K.run(), fresh_run, 'NX')
local is = volunteer_of(volunteer)
local found = {
  seq = tonumber(redis.call('GET', K.seq(volunteer)) or 0), now_ms = now, run = redis.call('GET', K.run()),
  state = is.state or 'away', taking = is.taking or '0',
  reach = is.reach or 'page', why = is.why or '', next_ms = next_of(is),
}
local id = is.help_request or ''
if id ~= '' then
  found.help_request, found.help = id, help_of(id)
  found.requester_leg = leg_state(id, found.help.requester or '')
  found.volunteer_leg = leg_state(id, volunteer)
  found.requester_quality = quality_of(id, found.help.requester or '')
  found.volunteer_quality = quality_of(id, volunteer)
end
if (is.offer or '') ~= '' then found.offer_id, found.offer = is.offer, hash(K.offer(is.offer)) end
return answer('ok', found)
