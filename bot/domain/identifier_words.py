"""Ordinary words of dental chat, in their base forms: a capitalised one is the start of a sentence, not a name.

Our own list: the words of the FAQ library and of the service's own texts, and everyday ones added by hand.
docs/identifier-guard.md says how it was made.
"""

from __future__ import annotations

from bot.domain.identifier_types import word_list

_WORDS = word_list("""
a able about above abroad abscess absence absolute absolutely abstract abuse abutments academic academy accent
accept acceptable access accident accidentally according accordingly account accuracy accurate ache achieved
achieving aching acidic acknowledged across acted action activate active actively activity actual actually acute
adapt add added adding additional additionally address addresses adds adequate adjacent adjust adjustment adult
advance advantage advice advise aesthetic affect afford afraid after afternoon afterwards again against age
agenda agent ago agree ahead aim aims ain air airline airport alarm alcohol alert align aligner alignment alike
all allergic allergy allow almost alone along alongside aloud already alright also alter alternatives although
altogether always am amend amiss among amount an anaesthetic anaphylaxis anatomy anchor anchorage and anew angle
angry angulated angulation animal animation ankylosed ankylosis announce annoyed annual anomaly another answer
anterior anteroposterior anterosuperior anti antibiotic anticoagulant anxious any anybody anyhow anyone anything
anyway anywhere apart apex apical apologise apology app apparently appear apple appliance applied apply
appointment appreciate approach approve approx approximately appt arch arches archive are area aren around
arrange arrangement arrive arthritis article as asap ask asked asking asks aspect assess assign assist
assistance association assume asthma asthmatic asymmetric asymmetry at ate attach attachment attempt attend
attention attest audit aunt auntie author auto automated available avenue average avoid avulsed await awake
award aware away awesome awful awkward axial axis baby back backup backwards bad bag bake balance ball band
bandage bank bar bare barely base basically batch bathroom battery bay be beam beard bearing beat became because
become bed bedroom bedtime beef been before began begin beginner begun behalf behind being believe bell belongs
below belt bench bend benefit bent beside best better between bevel bicuspid bicycle big bigger biggest bike
bilateral bill bin binding biotype birth birthday bisphosphonate bit bite bitewing biting bits black blade blame
blanching blanks bleach bled bleed bless blister block blood blow blue blunt board boat bodily body boil bold
bolt bond bone bony book bored born borrow boss bot both bother bottle bottom bought bounce bouncy bound bow
bowing bowl box boxing boy boyfriend boys brace bracket brain breach bread break breakfast breath bride
bridesmaid bridge brief briefly bright brilliant bring brittle broad broader broke broken brother brought brow
brown brownish bruise brush brux bruxer bruxism bruxist bubble buccal budget bug build built bulge bulky bump
bunch bundle bur burn burrs burs bus busy but butter button buy by bye cable cake calcified calculus calendar
calibrate call calm calories came camera camouflage can cancel cancer candidate canine cannot cant capable
capacity capital capture car card careful carefully careless carer caries carpet carried carrier carry cartilage
carve case cash cast cat catch category caught cause caution cautious cavity cbct ceiling cement cementum center
centimetre central centre centric ceph ceramic certain certainly cervical chain chair chairside challenge
chamfer chance change channel characters charge chart chased chasing chat cheap cheaper check checker checklist
checkpoints cheek cheers cheese chemist chemo chemotherapy chest chew chewie chicken child children chin chip
chmod choice choking choose chose chosen christening chronic chunk circle circular circus city claim clarify
clarity clasp class clean cleaner clear clearance clearly cleft clench clever click client cling clinic clinical
clinically clinician clip clock close closer closure cloudy coach coarse coat code coffee cohort coil coin cold
collapse collar colleague college colour column combine come comfort comfortable coming command comment commit
common comms communicate community commute company compare comparison compensate compensation compete
competition complain complaint complete completely completion complex complexity compliance compliant
complicated component composite composure compound compress compromise computer concave concentration concept
concern concise conclude conclusion condition conditioner condyle conference confidence confident confidently
confirm confuse congenital congrats congratulations congruent conical connect connection connector conoid
consecutive consent consequently conservative consider consist consistent consistently constant constantly
constrict consult consultant consultation contact contactless content continue continuity contour contract
contraindicated contraindication contribute control convergent conversation convert convex convince cook cool
cooperate cooperation coordinate coordinator cope copied copy core corner correct correction corridor cosmetic
cost cough could couldn council counsel count country couple courier course cousin cover coverage crack crazy
cream create creator credit crenation crest crib cringe crisis criteria criterion crooked cross crossbite
crossover crowd crown crumble crush cry crying cup cupboard cure curing curious currency current currently curry
curve cusp cuspal cuspids custom customer cut cycle dab dad dads daily dam damaging damp danger dare dark dash
dashes data database date daughter day daylight days dcm dead deadline deal dear debit debond debris
decalcification decay decent decide deciduous decision deck decline decompensate decrease deep deepbite deeper
default defect define definitely deform degree dehiscence delay deleted delighted deliver delivery denosumab
dent dental dentist dentistry dentition denture deny depart department depends deposit deproteinise depth
derotate derotation describe description desensitise design desk despite detach detail develop deviate deviation
device diabetes diabetic diagnosis diary diastema dice dicom did didn died diet difference different differs
difficult digest digit digital dilacerated dimension dimple dinner dip direct directions directly disagree
disappointed disc discard discoloured discomfort discount discover discrepancy discuss discussion disease dish
disinfect disk dismiss dispatch dispense displace dispute distal distalisation distalise distort distortion
divergent divert divide do docs doctor document dodgy does doesn dog doing dollar don donate done door dose dot
double doubt doubtful down download downside dozen draft drag drain draw drawer drawn drew dried drift drill
drink drive droop drop dry due dull duplicate during dust each eager ear earlier early earn ears ease easier
easing east easy eat eaten eating eats ectopic edentulous edge edit effect eight either elastic elbow elderly
elect electric electricity eleven elongate else elsewhere email embarrassed embed embrasure emergence emergency
emery emoji emphasis employer empty enable enamel enamelplasty enclose encrypted end ended ending endo
endodontist endpoint energy engage enjoy enlarged enough enquiry enter entire entry envelope environment
epilepsy epileptic epithelium equal equally erosion error erupt eruption escalated establish estimated etch
etiology euro even event ever every everybody everyone everything everywhere evidence exact exam examination
examine example excellent except excess exchange excluded excuse exercise exfoliate existing exit expand
expander expansion expect experience expert expertise expire explain explicit export expose exposure express
extend extension extra extract extraction extrude extrusion eye eyebrow eyes fab fabricate face facebow facet
facial fact factory fail failure faint fair fairly fake fall fallen false familiar family famous far fast father
fault faulty feature fed federation fee feed feedback feel fees feet fell felt female fenestration fetch fever
few fewer fiance fiancee fibre fibrotic fibrous field fifteen fifth fifty fight figure file fill film filter
final finance find fine finger finish fire firm first fish fissure fistula fit fitment fits five fix fixed
fixing flabby flag flake flange flare flash flat flatmate flatten flautist flew flex flexible flight flip floor
floss flow flowable fluoride flush fly flying foam foil fold folder follow food football for force fore forearm
forecast forehead foreign forget forgot forgotten fork form former fort fortnight fortnightly forty forward
fossa found foundation four fourteen fourth fracture fraenum fragile frame freckle free freedom freehand freeze
freezer frenectomy frenum frequent fresh fret fridge friend from front frontal frozen frustrated fuel full fully
fun function functional fund funny furcation further furthermore fuss future fuzzy fwd fyi gadget gagging gain
game gap gaps garage garden gas gate gauge gave general gentleman gentlemen gently get gets gift gingiva
gingivae gingival gingivectomy gingivitis girl girlfriend give given giving glad glass glaze gleam glide global
glue go goal goes going gone good goodbye goodness goof got gouge gp grade graduation graft gran grandad
grandfather grandma grandmother granny grass grateful gray great green grew grey grind grip gripe grocery groom
groomsman groove ground group grow grown guard guardian guess guest guidance guide guideline gum gummy gums
gutter gym habit habitual had hadn hair haircut hairline half halitosis hand handle handover hang happen happy
hard hardly harm has hash hasn hate hated have haven having he head headache header heal health healthy hear
heat heavier heavy heels held hello help helpful hence her here hers herself hey hi hiccup hidden high highest
him himself hindrance hinge hint his history hit hiya hobby hockey hold holder holes holiday home honest
honeymoon hook hope hoped hopefully hoping horizontal hospital host hot hotel hour house housework how however
huge human hundred hurry hurt husband hygiene hygienist hypermobile hyperplasia hypersensitive hypodontia
hypomineralised hypoplasia i ice idea ideal ideally identified identifier identify identity idiopathic idle if
ill image immediate impact implant import importance important impossible impression improve improvement in
inaccurate inbox inch incident incisal incisive incisor inclination incline include income incompetence
incompetent incorrect increase indefinitely indemnity individual infected infection inflamed inflammation info
inform information infra infraocclusion ingredient inhaled inhaler initial injured injury input insert inside
insisting install installation instead institute insurance intact intake inter intercuspation interdental
interest interference interim intermaxillary internal internet interproximal interval interview into intra
intraoral intro introduced intrude intrusion invert invitation invite invoice irregular irritate is isn isolate
issue it itch item its itself jagged jaw jaws jiggle job join joint joke jolt judgement jumble jump just
justification justified justify keen keep kept keratin key keyboard keyhole keys keywords kid kids kilo kind
kink kit kitchen kitten knew knife knob knock know knowledge known lab label labial labs lacerated lacks lad
lads lady lag lain lamina landing landlord lane language laptop large larger laser lass last late later lateral
latest laundry lawn lawyer lay layer lead leader leak lean learn lease least leave led ledge left legal length
lengthen lesion less let lets letter level lever library lick lid lie life lifelong lift ligament light lighter
lightly like liked likely limit limitation line lined lingual link lip lips lipstick liquid lisp list listen
little live living load loan local locate lock log login long longer look loop loose loosen lose losing loss
lost lot lots loud love loved lovely low lower luckily luggage lull lump lunch lunchtime luting machine made
mail main maintain maintenance major majority make makeup making male mall maloccluded malocclusion man manage
manager mandible mandibular manifest many map margin marginal mark market married masking massive master match
matches material materially matter mattress maxilla maxillary maximum may maybe me meal mean meant meantime
meanwhile measurable measurably measure medical medication medicine meet mellow member memory men mend mental
mention menu merchant merge merry mesh mesial mesialise message messed met meta metal microdont microphone mid
midday middle midline midnight might migraine migrated migration mild mile milk millimetre million min mind mine
minimal minimum minor minute misfit mismatch miss mist mistake mix mixed moan mobile mobility model moderate
modern modify moist molar mom moment money monitor month monthly more moreover morning morphology most mostly
mother motorbike mould mousse mouth mouthguard mouthwash move moved movement movie moving much mug multiple mum
mums muscle music must mustn my myself nail name named nan napkin narrow nasty national native natural nb near
nearby nearly neat necessary neck necrosis necrotic need needn neglect negligence neighbour neither nephew nerve
nervous netball network neuralgia never nevertheless new newer newest next nice nick nickname niece night
nightguard nightly nightshift nine nip no nobody nod non none nonetheless nonvital noon nope nor norm normal
north nose not notation notch note notebook noted nothing notice novice now nowhere nudge numb number numbness
numeric nurse nursery nut nutrition nuts oblique obturate obturator obvious obviously occlude occlusal occlusion
occur ocean odd odds odontome of off offer office offset often oil ok okay old older oldest ombudsman on once
one ones online only onset onto opaque open openbite openly operate operator opinion opposing option or oral
orange order organise orientation original ortho orthodontic orthodontist orthognathic orthopaedic ossify osteo
osteoporosis other otherwise ought our ours ourselves out outbox outcome outer outline outset outside
outstanding outweigh oval oven over overall overbite overcorrect overcorrection overdue overerupt overfill
overhang overjet overlap overlay overseas oversize overtime overtreat owe owed owes own owner pack package pad
page paid pain painkiller paint pair palatal palatally palate pale palpate pano panoramic paper papilla papillae
parafunction parallel paranoid parcel parent park part partial particularly partly partner party pass passive
passport password past paste patch pathology pathway patient pattern pause pavement pay paying payment peace
peak peel peg pegs pellet pending pension people per percentage percussion perfect perforation perhaps
periapical pericoronitis perio periodontal periodontally periodontist periodontitis periodontium periosteum
permanent permission permit persist persistent person pet pharmacy phase philtrum phone photo photograph
physical pic pick pics picture pie piece pillow pilot pin pinch pinged pink pit pizza place plain plan plane
plant plaque plaster plastic plate platform play player playlist please pls plug plump plus plz pocket podcast
point poke poking pole police policy polish polisher polling polyp pontic pool poor poorly pop popular porcelain
portal portion position possible possibly post posterior posteriorly postman postpone posture pound pout powder
practice precise predictable predicted prefer preference prefixes pregnancy pregnant premature premolar prep
prepare prescribe prescriber prescription present presenter preserved press pressure pretty prevent previous
previously price primary primer print printer prior private probably probe problem procedure process
proclination procline product profile prognosis program programme progress project prom prominent promise prompt
prone proper properly proposal proposed proprietary prospective prosthesis prosthetic protect protection
protocol protraction protrude protrusive provide provider provisional proximal ps pseudonym pt pts pub public
puffy pull pulp pulpitis pumice pump punch puppy purchase purple purpose purse pus push put quadrant quality
quarter query question queue quick quicker quickly quid quiescent quiet quit quite quote race rack radio
radiograph radiographic radiotherapy rail rain raise ramal ramp ramus ran random randomised rang range ranked
ranking ranks rapid rare rarely rash rate rather ratio raw rct re reach reachable reaches react reaction read
readable readily ready real realign realistic really reason reasonable reassign reassure reattach rebond rebound
recall recede receipt receive recement recent recently reception receptionist recession recheck recipe recipient
reckon recognise recognize recommend recontour record recover red reduce reduction ref refer reference referral
refinement refit reflect refresh refund refuse regain regarding regardless regards region register rehab
reimplant reinstall reject relapse related relay release reliable reliably relief relieve reline reload remade
remain remake remark remember remind reminder remineralise remote removable remove rent rental reopen repair
repeat replace replacement replica replied reply report reprint request require rescan reschedule reseat resend
resent reservation reserve reset reshape resin resist resize resolve resorbed resorption respectively respond
response responsible rest restart restaurant restoration restorative restored restricted result resume retained
retainer retake retention retentive retract retraction retreat retreatment retrieve retroclination retroclined
retroclining retry return reverse revert review revise revision revoked reward rice rid ride ridge right rigid
ring rinse ripple risk risky rivet road robot rock rod role roll roof room roommate root rope roster rotary
rotate rotation rotator rough roughly round route routine row rub rubbish ruble rubs rugae rugby rule ruled run
rung runner runs rush sad sadly safe safeguarding safety said sail salary sale saliva salt same sample sandblast
sandbox sandwich sat satisfied sauce saucer save saved savings saw say saying says scale scallop scan scanner
scar scare scenario schedule scheduler schema school science scope score scratch screen screw script scuff seal
search seat second secret section sectional secure see seeing seem seen sees segment seldom selected self sell
send sender sensible sensitive sensitivity sensor sent separate separator sequela sequence serial series serious
serve server service session set sets settings settle setup seven several severe sextants shade shall shallow
shape share sharp shave she sheet shelf shift shine shiny ship shock shop short shorten shorter shortfall shot
should shouldn shout show shower shown shrink shut sialolith sibling sick sickness side sign signal signature
silence silent silicone similar simple simply simulate simulation since sincerely singer single sink sinus sip
sister sit site sits six sixes sixteen size skateboard skeletal skew skin skip slant sleep slept slice slide
slight slightly slim slip slipper slot slow slower small smaller smart smell smelly smile smoker smokes smoking
smooth snack snag snap sneeze snooker snoring snow snug so soak soap society sock socket sofa soft soften
software sold soldier sole solicitor solid solution solve some somebody someone something sometimes somewhere
son song soon sooner sore soreness sorry sort sound source south space spare spark speak specialist specific
specifically speech speed spell spend spent spicule spicy spike spill spin spiral spirit spit splay splint split
spoke spoken spoon sport spot spouse spray spread spring square squarely squash squeeze squint stability stable
stack stadium staff stage stagger stain staircase stale stalled stand standard star stark start state statement
statue status stay steal stent step steroid stick stiff still sting stitch stole stolen stood stool stop store
story straight straightforward strain strange stranger strap street strength stress strict strip strong struggle
stuck stud student study stuff stupid sub subgingival subject submission submit subtle succeed success such suck
sudden suddenly sue suffer sugar sugary suggest suit suitability suitable suitcase sulcus summary sun sunglasses
super supermarket supernumerary supply support suppose supraerupt sure surface surgeon surgery surgical surname
surplus survey suspect suspicious suture swallow swap sweat sweets swell swimming swing switch swollen symmetry
symphysis symptom symptomatic synchronisation system ta table tablet tack tail take taken taking talk tall tank
tap tape taper target tartar task taste tax taxes tea teacher teaching teacup team tear tech technician tedious
teen teenager teeth telephone television tell temperature template temporal temporary tempted ten tenant tend
tender tenderness tennis tense tension term terminal test text than thank thankfully that thaw the theatre their
them themselves then therapist therapy there therefore these they thick thickness thin thing think thinnest
third thirteen thirty this those though thought thousand thread threat threatening three thrice throat throb
through throw thrown thrust thumb thus tick ticket tie tied tight tighten till tilt time timer timezone timing
tingle tiny tip tips tire tired tissue title tmd tmj to toast today toddler toffee together toilet token told
tomorrow tone tongue tonight tonsil too took tool tooth toothbrush toothpaste top topic topical tore tori torn
torque torus total touch touches tough toughen tourist toward towel town trace track tract traffic trail train
transfer transparent transplant transpose transposition trap trauma traumatised travel tray treat treatment tree
trend trial triangle triangular tricky tried trigger trim trip triple trismus trouble troubleshoot true trumpet
trust truth try trying tube tuberosity tuck tug turbo turmeric turn turnover tweak tweezers twelve twenty twice
twin twinge twist two twos type typed typical ugly ulcer ulceration umbrella unable unassigned unattached
unaware unblock uncertain unchecked uncle uncomfortable unconfirmed uncover under underbite undercut undermine
underneath underside understand understood undo undone unerupted uneven unexplained unfinished unfortunately
unhappy unhook uni uniform unilateral unique unit unite university unknown unless unlike unlikely unlinked
unlisted unlock unopposed unpack unplanned unreachable unreadable unsaved unseat unseen unsightly unstable
unsupported unsure unticked until untreated unusual unwell unwilling up upcoming update upgrade upload upon
upper upright upset urge urgency urgent urine us usable usage use used useful useless user usher using usual
usually vague valley value valve van vape vaping varnish vary vault vegan vegetarian vehicle veil vein veneer
vent verify version vertical vertically very vestibular vestibule via vibrate video view visible visit visor
vital vitality vitamin voice void volume volunteer vote vulnerable wafer waist wait waiter wake walk wall wallet
want ward wardrobe warm warn warped was wash wasn waste watch water wax way ways we weak weaken wean wear
weather web webinar website wedding wedge week weekday weekend weekly weird welcome weld well went were weren
west wet what whatever wheelchair when whenever where whereas wherever whether which whichever while whisper
whistle white whiten who whoever whole whom whose why wide widow width wife wiggle will window wine wing wire
wisdom wise wish wishes with withdraw withdrawal withdrawn within without witness wobble wobbly woman women won
wonder wonderful word wore work workspace world worn worried worry worse worsen worst worth would wouldn wrap
wrist write writer written wrong wrote x-ray xerostomia xray yawn year yearly yellow yellowish yep yes yesterday
yet yield yoga you young younger your yourself zero zip zipper zirconia zone zygoma
""")
_ENDINGS = ("'s", "'ll", "'re", "'ve", "'d", "s", "es", "d", "ed", "ing", "ly")
# Endings that no name has, or next to none.
_NO_NAME = (
    "tion", "tions", "ment", "ments", "ness", "able", "ible", "ility", "ology", "itis", "osis", "ectomy", "plasty",
    "graphy", "graph", "dontic", "dontics", "dontist", "ically", "fully", "ward", "wards", "wise", "ism", "ised",
    "ized", "ising", "izing", "metric", "scopy", "lingual", "buccal", "dental", "oral", "thing", "ably",
)  # fmt: skip


def ordinary(word: str) -> bool:
    """Whether a word, in small letters and with straight apostrophes, is one of everyday language or of the trade."""
    if word in _WORDS or word.startswith("i'") or word.endswith("n't"):
        return True
    if len(word) > 6 and word.endswith(_NO_NAME):
        return True
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        if stem in _WORDS or (ending in ("ed", "ing") and (f"{stem}e" in _WORDS or _single(stem) in _WORDS)):
            return True
        if ending in ("es", "ed") and stem.endswith("i") and f"{stem[:-1]}y" in _WORDS:
            return True
    head, dash, tail = word.partition("-")
    return bool(dash) and (head in _WORDS or len(head) < 3) and ordinary(tail)


def _single(stem: str) -> str:
    """ "stopp" to "stop"."""
    return stem[:-1] if stem[-1] == stem[-2] else stem
