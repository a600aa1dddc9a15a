"""What may the fields of a page's message hold? Bounds that are checked before anybody reads."""

from typing import Annotated

from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z", description="32 lower-case hex digits")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z", description="a primary language subtag")]
Description = Annotated[str, Meta(min_length=1, max_length=16_384, description="an SDP answer")]
Receipt = Annotated[str, Meta(min_length=1, max_length=1024, description="signed by the server")]
Name = Annotated[str, Meta(min_length=1, max_length=40, description="to be called by")]
Question = Annotated[str, Meta(min_length=1, max_length=500, description="typed or dictated")]
