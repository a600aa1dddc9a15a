-- new -> new. Who may open a Leg, on which relay, with which number; a newer number replaces.
-- keys: offers offer relay relays help legs
-- args: help_request person
-- returns: ok | gone | not_yours | no_relay
local help = help_of(help_request)
if not help.state then return answer('gone') end

local function role_of()
  if help.requester == person then return 'requester' end
  if help.volunteer == person then return 'volunteer' end
  for _, id in ipairs(redis.call('SMEMBERS', K.offers(help_request))) do
    if redis.call('HGET', K.offer(id), 'volunteer') == person then return 'volunteer' end
  end
end

local role = role_of()
if not role then return answer('not_yours') end
if help.state == 'ended' then return answer('gone') end
local relay = help.relay
local below = relay and tonumber(redis.call('HGET', K.relay(relay), 'takes_below') or nil)
if not below or below < 0 then
  -- One that is about to leave carries on for whoever finds no room elsewhere.
  relay = relay_with_room(help) or below and relay
end
if not relay then return answer('no_relay') end
if relay ~= help.relay then
  -- Until it says its own load again, many who ask at once must not all find it idle.
  redis.call('ZINCRBY', K.relays(), L.SESSION_LOAD, relay)
  -- Nobody has a Leg on this one yet: what the relay before said of theirs is over.
  redis.call('HSET', K.help(help_request), 'relay', relay)
  redis.call('DEL', K.legs(help_request))
end
local number = redis.call('HINCRBY', K.help(help_request), 'leg_number', 1)
redis.call('HSET', K.legs(help_request), person, 'new:' .. number)
redis.call('PEXPIRE', K.legs(help_request), T.legs)
leg_changed(help_request, help, person, { state = 'new', number = number, relay = relay })
return answer('ok', { relay = relay, role = role, number = number })
