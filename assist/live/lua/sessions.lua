-- (read) What a relay must hold: for each HelpRequest its people, or nothing when it is over.
-- keys: offers offer
-- args: help_requests
-- returns: ok
local found = {}
for _, id in ipairs(words(help_requests)) do
  local help = help_of(id)
  if help.state and help.state ~= 'ended' then
    local ringing = {}
    for _, offer in ipairs(redis.call('SMEMBERS', K.offers(id))) do
      ringing[#ringing + 1] = redis.call('HGET', K.offer(offer), 'volunteer')
    end
    found[id] = {
      requester = help.requester, volunteer = help.volunteer or '', call = help.call or '',
      relay = help.relay or '', state = help.state, ringing = table.concat(ringing, ' '),
    }
  end
end
return answer('ok', { sessions = found })
