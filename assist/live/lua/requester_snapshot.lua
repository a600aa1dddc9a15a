-- (read) All that is true for one Requester, with their last number.
-- keys: run seq requester
-- args: requester fresh_run
-- returns: ok
redis.call('SET', K.run(), fresh_run, 'NX')
local found = {
  seq = tonumber(redis.call('GET', K.seq(requester)) or 0), now_ms = now, run = redis.call('GET', K.run()),
}
local id = redis.call('GET', K.requester(requester))
if id then
  local help = help_of(id)
  found.help_request, found.help = id, help
  found.requester_leg = leg_state(id, requester)
  found.volunteer_leg = leg_state(id, help.volunteer or '')
  found.requester_quality = quality_of(id, requester)
  found.volunteer_quality = quality_of(id, help.volunteer or '')
end
return answer('ok', found)
