"""Short forms of given names, declared: each line holds the long form first, then what it is shortened to.

Kept small on purpose: a pair that is missing only means that a person is asked.
"""

_LINES = """
abigail abby abbie gail
alexander alex al sandy xander sasha
alexandra alex alexa sandra sandy lexi sasha
alison ali allie
amanda mandy
andrew andy drew
angela angie
anthony tony ant
antonia toni
barbara barb babs
benjamin ben benny
bernadette bernie
bridget bridie
caroline carrie caz
catherine katherine kathryn katharine cathy kathy cath kath kate katie katy kat
charles charlie chuck
charlotte charlie lottie
christina christine chris chrissie tina
christopher chris kit
cynthia cindy
daniel dan danny
danielle dani
david dave davey
deborah debra deb debs debbie
dolores lola
dorothy dot dottie
edward ed eddie ted teddy
eleanor ellie nell nora
elizabeth elisabeth liz lizzie lizzy beth betty betsy eliza libby
emily em emmy
florence flo
frances fran
francesca fran
francis frank
francisco paco
franziska franzi
frederick fred freddie
gabriella gabby
geraldine gerry
gillian gill
gregory greg
isabella isabel isabelle izzy bella
jacqueline jackie jacqui
james jim jimmy jamie
janet jan
jennifer jen jenny
jessica jess jessie
joanne joanna jo
johanna hanna hannah
john johnny jack
jonathan jon
jose pepe
joseph joe joey
josephine jo josie
judith judy jude
katharina kathi katja
kenneth ken kenny
kimberly kimberley kim
lawrence larry
leonard len
louise lou
madeleine maddie
margaret maggie meg peggy
matthew matt
maximilian max
megan meg
melanie mel
melissa mel
michael mike mick micky
michelle shell
natalie nat
natasha tasha nat
nicholas nick nicky
nicola nicole nicky nikki nic
olivia liv livvy
pamela pam
patricia pat patsy trish tricia
patrick pat paddy
penelope penny
peter pete
philip phil
philippa pippa
rachel rach
raymond ray
rebecca becky becca beck
richard rich rick
robert rob bob bobby
ronald ron
rosemary rose rosie
samantha sam sammy
samuel sam sammy
stephanie steph
stephen steven steve
susan susanna suzanne sue susie
theresa teresa terry tess
thomas tom tommy
timothy tim
valerie val
victoria vicky vicki tori
vincent vince
vivienne viv
william bill billy will willy liam
zachary zac
"""


def _long_forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _LINES.strip().splitlines():
        names = line.split()
        for name in names:
            found.setdefault(name, set()).add(names[0])
    return {name: frozenset(forms) for name, forms in found.items()}


LONG_FORMS = _long_forms()  # "alex" -> {"alexander", "alexandra"}; a long form holds itself
