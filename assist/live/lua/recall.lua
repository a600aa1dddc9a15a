-- (roster) A Call from SQL that Redis does not know, or not any more: a block that comes late finds it.
-- keys: call
-- args: call help_request requester volunteer
-- returns: ok
if redis.call('EXISTS', K.call(call)) == 0 then
  redis.call('HSET', K.call(call), 'help_request', help_request, 'requester', requester, 'volunteer', volunteer)
  redis.call('PEXPIRE', K.call(call), L.CALL_KEPT)
end
return answer('ok')
