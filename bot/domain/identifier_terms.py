"""Proper nouns that are no patient's: eponyms, makes, medicines, places, days, acronyms. Our own lists."""

from __future__ import annotations

import re

from bot.domain.identifier_types import word_list

EPONYMS = word_list(
    """
    andrews angle adams alexander balkwill balters baume begg bennett bimler bjork bolton bonwill broadbent
    burstone camper carabelli carriere catlan cohen cope curve damon demirjian dahl delaire denar downs ellis
    essix farrar fox frankel fränkel frankfort frankfurt frenkel gates gillick glickman gracey haas hanau
    harvold hawley hellman herbst holdaway hyrax ingervall inman jarabak johnston jones kennedy kesling kloehn
    kois legan leong little lucia mallampati maryland mcnamara merrifield miller monson montgomery moore moyers
    nance nolla nyquist palmer peck peer pitts pont poulton ramfjord rakosi rickett ricketts roth sander
    sassouni schwarz southend spee steiner tanaka tukey turner tweed valplast vita williams wilson willis winter
    wits wylie zsigmondy
"""
)
"""Names in the trade's own terms. Surnames, most of them: after a first name they are somebody's."""

_PRODUCTS = """
    3m 3shape acrobat adobe align amazon android angelalign apple artglass asda biodentine bluephase bluetooth
    boots botox brite bupa byte canva carestream carriere cerec chairside chatgpt chrome clarity clearcorrect
    clincheck clinpro colgate corsodyl cqc curaprox damon denplan dentapex dentrix dentsply dexis dhl dolphin
    dontrix dpd dropbox duran duraphat easyjet ebay emax empress endo endo-frost enlighten epson evri exact
    excel exocad expedia facebook facetime fastbraces fedex filtek fischer fuji gaviscon geistlich gmail google
    gradia henry hermes hotmail icloud icon inman insignia instagram invisalign ipad iphone itero
    ivoclar kavo kodak kromopan kulzer lava leaf linkedin listerine lumineers mac matrix medit megagen meshmixer
    microsoft myobrace netflix nobel onyxceph oral-b oralb ormco osstem outlook panavia paypal pentamix philips
    photoshop planmeca polident powerpoint primescan propel quadhelix quickstraight relyx rocatec ryanair safari
    samsung scheu schick scotchbond sensodyne septodont signal sirona skype slack smartee smartforce smarttrack
    smiledirect smilelign snapchat sonicare spark spotify steradent straumann suresmile teams telegram tepe
    tesco tetric tiktok transbond trios twinblock twitter uber ultradent unitek vatech venus vertise visa vivera
    voco waterpik wetransfer whatsapp wifi windows word youtube zeiss zendura zoom
"""
_MEDICINES = """
    alendronic alendronate amitriptyline amlodipine amoxicillin apixaban articaine aspirin atorvastatin
    augmentin beclometasone bisoprolol botulinum calpol canesten cefalexin cetirizine chlorhexidine citalopram
    citanest clexane clopidogrel co-amoxiclav co-codamol cocodamol codeine concerta daktarin denosumab diazepam
    diclofenac difflam doxycycline eliquis elvanse estradiol evorel ferrous fluoxetine fosamax gabapentin
    gliclazide hrt humira hydrocortisone insulin isotretinoin keppra lamotrigine lansoprazole levothyroxine
    lidocaine lithium loratadine losartan lymecycline metformin methotrexate methylphenidate metronidazole
    microgynon mirena mirtazapine morphine mounjaro naproxen nifedipine nuvaring nurofen omeprazole ozempic
    paracetamol penicillin phenytoin piriton prednisolone pregabalin prolia propranolol prozac ramipril
    risedronate ritalin rivaroxaban roaccutane salbutamol scandonest seretide septanest sertraline simvastatin
    sumatriptan symbicort tamoxifen thyroxine tramadol valium valproate venlafaxine ventolin voltarol warfarin
    wegovy xarelto zoledronic zometa
"""
_MEDICINE_ENDINGS = re.compile(
    r"\w{3,}(?:cillin|mycin|cycline|azole|prazole|statin|pril|sartan|olol|dronate|dronic|umab|zumab|ximab|azepam|zolam|"
    r"oxetine|triptan|caine|profen|gliptin|gliflozin|parin|xaban|setron|lukast|tidine|fenac|phylline|adine|thiazide)\Z"
)
_PLACES = """
    aberdeen africa alps america antwerp asia athens australia austria bali bangalore bangladesh bangor barbados
    barcelona bath belfast belgium berkshire berlin bermuda birmingham blackpool bolivia bournemouth bradford
    brazil brighton bristol britain brussels bucharest budapest bulgaria cairo california cambridge canada
    canterbury caribbean cardiff carlisle chelmsford chester china colchester cornwall coventry crete croatia
    cuba cumbria cyprus denmark derby devon doncaster dorset dubai dublin dundee durham edinburgh egypt england
    essex europe exeter finland florida france geneva germany ghana glasgow gloucester goa greece guernsey
    guildford halifax hampshire harley harrogate havana hereford holland huddersfield hull hungary ibiza iceland
    india indonesia inverness ipswich iran iraq ireland islamabad israel istanbul italy jamaica japan jersey
    jordan karachi kent kenya korea krakow kuwait lagos lahore lanzarote lancashire lapland leeds leicester
    lincoln lincolnshire lisbon liverpool london luton luxembourg madrid majorca mallorca maldives malaysia
    malta manchester marbella mauritius mexico miami middlesbrough milan morocco moscow mumbai naples nepal
    netherlands newcastle newport nigeria norfolk northampton norway norwich nottingham oldham oman oslo oxford
    oxfordshire pakistan paris perth peru peterborough philippines plymouth poland portsmouth portugal prague
    preston qatar reading riyadh rochdale romania rome russia salford salisbury scandinavia scotland senegal
    sheffield shropshire singapore skye slough slovakia solihull somalia somerset southampton southend spain
    staffordshire stockholm stockport sudan suffolk sunderland surrey sussex swansea sweden swindon switzerland
    sydney syria taiwan tenerife thailand tokyo toronto truro tunisia turkey uganda ukraine ulster usa uae
    vienna vietnam wakefield wales walsall warsaw warwick wembley westminster wigan winchester wolverhampton
    worcester yemen york yorkshire zambia zurich zimbabwe guy guys kings barts eastman uk eu ni english british
    welsh scottish irish french german italian spanish polish romanian portuguese dutch greek turkish arabic
    urdu hindi punjabi bengali chinese japanese american australian canadian european indian african asian
    russian ukrainian latin swedish danish
"""
_CALENDAR = """
    january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday weds mon tue tues wed thu
    thur thurs fri sat sun mondays tuesdays wednesdays thursdays fridays saturdays sundays christmas xmas easter
    ramadan eid diwali hanukkah passover lent halloween whitsun pentecost advent spring summer autumn winter
"""
_ACRONYMS = """
    aka am anb ap appts asap bdj bds bewe bmi bos bp bpe bps bsi cbct cct cd cdt ceph cephs cn com copy covid
    cpd cqc dcp dds dft dicom dna dpt dsc dscn dvd ent eta faq fdi fgdp final fyi gbt gdc gdp gdpr gds gi gic
    gmc gp hcp hiv http https hx ic icon id img imo iop ios iotn ipr irmer iv jpeg jpg la lfh li ll lr mbt md
    mddus mdu mfds mha mhra mmpa mnp mod mri msc mxp na nai nb nd nhs nice nsaid nsaids obj occl od oh ohi ok
    omfs opg opt org ortho pa pano par pas pc pdf pfm phd photo photos pic ply pm png prep pt pts px qds rcp rct
    rd rmgic rpd rpe rr rx sar sats scan sdf sl sms sn sna snb spr sql st stl stls tad tads tb tbc tca th tmd
    tmj tmjd tv tx ui ul ull ur url usb vs wnl www xla xray zip
"""

_STOP = word_list(f"{_PRODUCTS} {_MEDICINES} {_PLACES} {_CALENDAR} {_ACRONYMS}")

CALENDAR = word_list(_CALENDAR)
PLACES = word_list(_PLACES)

AMBIGUOUS = word_list(
    """
    grace hope faith joy rose lily daisy ivy heather ruby amber pearl jade will bill mark rob jack frank art guy
    dean dale drew pat sue dawn eve april may june august summer autumn holly iris olive violet poppy jasmine
    ginger penny gene grant chase hunter mason carter cooper harper piper sky star angel precious patience
    charity melody destiny victor nick don ray gale gill josh max miles norm wade ward glen clay cliff roman
    sterling christian candy crystal carol robin jay rusty sandy misty sol trey rich bob bud chip earl gus ian
    jo joe les lee kit kat kim matt mike ned rex roy sam sean sid ted tim toby tom wes zac israel jordan paris
    london chester lincoln florence chelsea georgia india asia france sydney austin dallas madison brooklyn skye
    devon kent preston warwick jersey alexander ellis lucia spencer damon wilson henry
"""
)
"""Words and places that are first names too: names only where something else says so."""

SURNAMES = word_list(
    """
    abbey baker ball banks barber barker barrow bell bird bishop black blue booth bond bowman brook brooks brown
    bull bush butcher butler byrd carpenter carter castle church clay coates cole cook cooper cross crow day
    dean dew duke english farmer farrow field fields finch fisher flood flowers ford forest foster fox french
    frost gale gardener gates glover gold golden grant gray green grey griffin hale hall hardy hart hawk head
    heath hill holly holmes house hunt hunter key king kings knight lake lamb lane law little lock long lord
    love mann march marsh mason may mills mills moon moor moore moss nash noble north oakes page paine park
    parks parsons pike pope porter potter potts power price prince quick rain ray reed rice rich rivers rose
    rush sage savage self sharp shepherd short silver singer singh skinner small snow south spring stamp steel
    steele stone street strong summers swan swift taylor thatcher thorn tiller turner underwood walker wall ward
    waters way webb weaver webster wells west wheeler white winter wise wolf wood woods wright york young
"""
)
"""Ordinary words that are surnames too: after what looks like a first name they are one."""

METHOD_NOUNS = word_list(
    """
    index indices analysis classification technique method methods protocol approach philosophy prescription
    concept criteria formula keys rule rules test sign law discrepancy ratio syndrome curve point points angle
    plane trial principle principles theory guideline guidelines criterion grading staging
"""
)
"""What follows somebody's name in a method's: "Bolton discrepancy", "Gange's protocol"."""

MAKE_NOUNS = word_list(
    """
    appliance appliances bracket brackets line retainer retainers gauge spring springs screw composite bonding
    cement software scanner scanners clinic surgery hospital system chart scale plate splint crib clasp elastics
    wire wires archwire aligner aligners tray trays kit strips strip etch adhesive primer bond resin paste
    toothpaste mouthwash brush code codes store app portal export exports file files update login account
    licence university college school dental orthodontics circus station airport hotel bank
"""
)
"""What follows a make or a place: "Dontrix gauge", "Medit export"; "Leona's retainer" is something else."""


def excluded(word: str) -> bool:
    """A proper noun (small letters) that names no patient."""
    bare = word.removesuffix("'s")
    return bare in _STOP or bare in EPONYMS or _MEDICINE_ENDINGS.match(bare) is not None
