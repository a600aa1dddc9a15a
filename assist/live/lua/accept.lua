-- ringing -> connecting; parked -> confirming. The first to come gets the Call, decided here alone.
-- keys: volunteer offer offers asked hungry help waiting call deadlines
-- args: offer_id volunteer call
-- returns: ok | quicker | too_late | gone
local offer = hash(K.offer(offer_id))
if offer.volunteer ~= volunteer then return answer('gone') end
local help_id = offer.help_request
local help = help_of(help_id)
if offer.state == 'accepted' then  -- the reply to the first try was lost
  if help.state ~= 'ended' and help.volunteer == volunteer and help.call == offer.call then
    return answer('ok', { help_request = help_id, call = offer.call })
  end
  return answer('gone')
end
if offer.state == 'withdrawn' then
  if offer.why ~= 'quicker' then return answer('gone') end
  redis.call('HDEL', K.volunteer(volunteer), 'passed')  -- late, but there
  return answer('quicker')
end
if offer.state ~= 'pending' or tonumber(offer.deadline_ms) <= now then return answer('too_late') end
-- The number fences: an Offer from before the last accept or return decides nothing.
if offer.n ~= help.n or (help.state ~= 'ringing' and help.state ~= 'parked')
  or blocked(help.requester, volunteer) then
  return answer('gone')
end
redis.call('HSET', K.offer(offer_id), 'state', 'accepted', 'call', call, 'ended_ms', now)
redis.call('SREM', K.offers(help_id), offer_id)
redis.call('HSET', K.asked(help_id), volunteer, 'accepted:' .. int(now))
undue('offer', offer_id)
undue('wave', help_id)
redis.call('ZREM', K.hungry(), help_id)
learn(offer, 'accepted')
local withdrawn, people = withdraw(help_id, 'quicker')
local state, limit, kind = 'connecting', L.SETUP, 'setup'
if help.state == 'parked' then state, limit, kind = 'confirming', L.CONFIRM, 'confirm' end
redis.call('HSET', K.help(help_id), 'state', state, 'volunteer', volunteer, 'call', call,
  'n', help.n + 1, 'accepted_ms', now)
redis.call('ZREM', K.waiting(), help_id)
-- What is kept of a Call is for answers and reports after it: a practice has none.
if help.practice ~= '1' then
  redis.call('HSET', K.call(call), 'help_request', help_id, 'requester', help.requester, 'volunteer', volunteer)
  redis.call('PEXPIRE', K.call(call), T.call)
end
set_volunteer(volunteer, 'in_call', { offer = '', help_request = help_id, call = call, misses = 0, why = '' })
redis.call('HDEL', K.volunteer(volunteer), 'passed')
due(kind, help_id, now + limit)
-- Who accepts is there, however long ago their page beat.
redis.call('ZADD', K.deadlines(), 'GT', now + L.LEASE, 'volunteer:' .. volunteer)
people[#people + 1] = help.requester
people[#people + 1] = volunteer
emit('offer.accepted', {
  help_request = help_id, requester = help.requester, offer = offer_id, volunteer = volunteer,
  call = call, accepted_ms = now, state = state, withdrawn = withdrawn,
  requester_leg = leg_state(help_id, help.requester), volunteer_leg = leg_state(help_id, volunteer),
  named = help.named or '0', braille = help.braille or '0', practice = help.practice or '0',
  handed = was_handed(help),
}, people)
return answer('ok', { help_request = help_id, call = call })
