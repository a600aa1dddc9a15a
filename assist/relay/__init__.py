"""How does media get across?

A relay is a process of its own. It answers checks that carry the right credentials, ends DTLS and
SRTP, and forwards RTP, RTCP and data-channel messages between the two Legs of a Session. It never
decodes, encodes or inserts media, and it opens its gate only for the Volunteer whom `live` names.
"""
