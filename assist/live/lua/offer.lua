-- waiting | ringing | parked -> ringing | parked. One Wave: every Volunteer named is checked again.
-- keys: waiting roster offer offers asked help
-- args: help_request wave offers
-- returns: ok | gone | stale | nobody
local help = help_of(help_request)
if not redis.call('ZSCORE', K.waiting(), help_request) then return answer('gone') end
if help.wave ~= wave then return answer('stale') end
if help.hold_ms and tonumber(help.hold_ms) <= now then return answer('nobody') end

local function speaks(id)
  local theirs = ' ' .. (redis.call('HGET', K.roster(id), 'languages') or '') .. ' '
  for _, language in ipairs(words(help.languages)) do
    if string.find(theirs, ' ' .. language .. ' ', 1, true) then return true end
  end
end

local made, people, deadline = {}, { help.requester }, now + L.OFFER
for _, pair in ipairs(words(offers)) do
  local id, volunteer = string.match(pair, '^(%x+):(%x+)$')
  if can_ring(volunteer, volunteer_of(volunteer)) and speaks(volunteer)
    and not blocked(help.requester, volunteer) then
    redis.call('HSET', K.offer(id), 'state', 'pending', 'help_request', help_request,
      'volunteer', volunteer, 'n', help.n, 'made_ms', now, 'deadline_ms', deadline)
    redis.call('PEXPIRE', K.offer(id), T.offer)
    redis.call('SADD', K.offers(help_request), id)
    redis.call('HSET', K.asked(help_request), volunteer, 'pending:' .. int(now))
    set_volunteer(volunteer, 'ringing', { offer = id, help_request = help_request })
    due('offer', id, deadline)
    made[#made + 1] = table.concat({ id, volunteer, int(deadline) }, ':')
    people[#people + 1] = volunteer
  end
end
if #made == 0 then return answer('nobody') end
redis.call('PEXPIRE', K.offers(help_request), T.offers)
redis.call('PEXPIRE', K.asked(help_request), T.asked)
local asked = redis.call('HLEN', K.asked(help_request))
local state = help.state == 'parked' and 'parked' or 'ringing'
redis.call('HSET', K.help(help_request), 'state', state, 'wave', wave + 1, 'wave_ms', now + L.WAVE, 'asked', asked)
due('wave', help_request, now + L.WAVE)
emit('offers.made', {
  help_request = help_request, requester = help.requester, wave = wave + 1, asked = asked,
  since_ms = help.since_ms, made_ms = now, languages = help.languages, state = state,
  reachable = help.reachable, offers = table.concat(made, ' '),
}, people)
return answer('ok', { made = #made })
