"""English words that say how a name is meant."""

from __future__ import annotations

from typing import Final

from generator.linking.words import listed

NEGATED_BEFORE: Final = """
no; not; without; denies; denied; deny; denying; never; neither; nor; absent; avoid; avoided; avoids; excluded;
excludes; lacks; cannot; contraindicated; stopped; discontinued; withheld; negative for; absence of; free of; free
from; ruled out; rules out; rather than; {was,is,were,are} negative for; not known to have; not known for; no known;
not {appear,seem} to have; not be given; not to be given; not to {take,use,give}; {must,should} not be; no evidence
of; no signs of; no sign of; no longer; non; no history of; no family history of; none of; failed to reveal; not
because of; not due to; refused; declines; declined
"""
NEGATED_AFTER: Final = """
absent; denied; negative; excluded; contraindicated; avoided; stopped; discontinued; withheld; none; no; ruled out;
nil; {was,were,is,are,has been,have been}
{absent,denied,negative,excluded,contraindicated,avoided,stopped,discontinued,withheld, ruled
out,refused,withdrawn,declined}; which was {stopped,withdrawn,refused,discontinued}; withdrawn; refused; declined;
{is,was,are,were} unlikely; unlikely; did not {appear,occur,develop,return}; {was,were,is,are} not
{present,observed,reported,seen,found,noted,given,prescribed,used,needed,required,detected,confirmed}; not
{present,observed,reported,seen,found,noted,given,prescribed,used,needed,required,detected,confirmed}; not tolerated
"""
# Phrases that hold a cue and are none.
NO_CUE: Final = """
not only; no change in; no change of; no improvement in; without relief of; not just; no doubt; no reason; no matter;
{day,week,month,hour,year,days,weeks,months,hours,years,short,long} history of; presents with a history of; if any; as
if; no new; no other; no wonder; not yet; what if; could not; prior to; {has,have} gone {from,to,up,down,in}; gone
{from,to,up,down,in,brown,red,pale,black,blue}; past {day,days,week,weeks,month,months,hours}; if possible; as soon as
possible
"""
HISTORY_BEFORE: Final = """
history of; history includes; past history; past history includes; past medical history; medical history; pmh; pmhx; h
o; hx of; hx; previous; previously; prior history of; formerly; old notes mention; notes mention; was treated for;
treated in the past for; recovered from; underwent; {week,weeks,month,months,year,years} ago; used to have; once had;
status post; s p; background of; background; instead of
"""
HISTORY_AFTER: Final = """
in the past; {month,months,year,years} ago; in {childhood,infancy,youth}; as a {child,boy,girl,teenager,student};
before that; in earlier years; previously; in earlier life; in his youth; in her youth; years before; {has,have}
resolved; resolved; {is,are,has,have} gone; gone
"""
# What follows is of the past if the sentence says when.
PAST_IF_DATED: Final = listed("had underwent suffered")
FAMILY_BEFORE: Final = """
family history of; family history; fh; fhx; family hx; positive family history of; family history is positive for
"""
FAMILY_AFTER: Final = """
in the family; runs in the family; run in the family; in a {parent,sibling}; on the {mother's,father's} side
"""
HYPOTHETICAL_BEFORE: Final = """
if; in case of; in the event of; should any; rule out; to rule out; r o; exclude; to exclude; must exclude; risk of;
at risk of; risk for; suspected; suspicion of; suspicious for; possible; possibly; probable; probably; presumed;
likely; query; maybe; perhaps; likely than; concern for; concerning for; worry about; warned about; warned of; advised
about; counselled about; look out for; watch for; watch out for; looking for; monitor for; may cause; can cause; could
cause; might cause; may be; might be; could be; to prevent; prevent; prevention of; prophylaxis of; prophylaxis for;
prophylaxis against; against; unless; whether; differential; differential diagnosis; ddx; cannot exclude; cannot rule
out; not excluded; early for; screening for; screen for; screened for; tested for; test for; workup for; evaluate for;
vaccinated against; in the event that
"""
HYPOTHETICAL_AFTER: Final = """
{is,was,are,has been,had been} suspected; suspected; {is,was,are,seems,remains} possible; possible; {is,was,are,seems}
{likely,probable}; likely; probable; query; cannot be excluded; cannot be ruled out; to be excluded; to be ruled out;
must be excluded; not excluded; {is,was} considered; {is,was} being considered; {is,was} not excluded
"""

# These end what a cue before them says, unless they stand right after it ("does not have").
STATEMENTS: Final = listed(
    "but however although though except has have had having reports reported complains complaining presents "
    "presented noticed shows is are was were remains persists started begun continues says takes took gave given "
    "since because so therefore then gets feels today now currently yet still suggests developed will should must "
    "take give call come return add start use"
)
# These do so after a comma or "and" only: "no fever, with cough" but "not associated with fever".
STATEMENTS_AFTER_PAUSE: Final = listed(
    "with also diagnosis she he they we it i the on there this after for who which only just"
)
JOINING: Final = listed("and or nor and/or as well any other")
CHOOSING: Final = listed("or nor")
# With these after a name and a comma the list of what is denied is over: "no headache, fever for three days".
TELLING: Final = listed("for since from until after worse better less more fewer daily twice present yes started began")
PLURAL: Final = listed("are were have")
PREPOSITIONS: Final = listed("for against of in with")
NOW: Final = listed(
    "now currently today presents present presently current complains complaining admitted but so therefore since "
    "here takes taking on"
)
# The drug behind what it may do: "warned about drowsiness with amitriptyline".
CAUSE: Final = listed("with from on")
# Words of a thing that lasts since the year that is named.
STILL: Final = listed("since diagnosed diagnosis known began started onset from found noticed noted first")
# These speak of what stands before them only where nothing follows.
ONLY_LAST: Final = listed("no none nil gone")
# These start a statement only before what they say: "today fever", but "fever today denied".
TODAY: Final = listed("today now currently")
OPENING_IF: Final = listed("should")

RELATIVES: Final = listed(
    "mother father brother sister aunt uncle grandmother grandfather grandparent grandparents son daughter cousin "
    "parent parents sibling siblings wife husband partner niece nephew mum mom dad brothers sisters aunts uncles "
    "children twin grandson granddaughter"
)
HAS: Final = listed("has had have died suffers suffered diagnosed developed dies also")
# A relative who does this speaks of the patient.
SPEAKS: Final = listed(
    "reports reported says said notices noticed notes noted describes described states stated gives gave should "
    "told tells brought brings heard saw seen thinks worries worried found finds confirms denies asks called who's "
    "helps insists"
)
PATIENT: Final = listed("patient himself herself he she his her")
# When it was, if it is over.
DATED: Final = (
    r"\b(?:in|since|until|before)\s+(?:19|20)\d\d\b|\blast\s+(?:year|winter|summer|spring|autumn|month)\b"
    r"|\bin\s+(?:january|february|march|april|may|june|july|august|september|october|november|december|childhood)\b"
    r"|\bas\s+an?\s+(?:child|boy|girl|infant|teenager)\b|\b(?:months?|years?)\s+ago\b|\bbefore that\b"
)
