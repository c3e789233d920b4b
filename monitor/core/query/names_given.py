"""Given names: each language has its own, which no transliteration yields."""

# ruff: noqa: E501 - a name a line
from __future__ import annotations

from functools import cache

_LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de")
_TABLE = """
аляксандр | александр | олександр | aleksander,alaksandr,aleksandr | aleksandras,aliaksandras | alexander,aleksandr,aliaksandr,alyaksandr | alexander,aljaksandr
аляксей | алексей | олексій | aleksiej,alaksiej | aleksejus,aliaksejus | alexei,alexey,aliaksei | alexej,aljaksej
алена | елена | олена | alena,jelena | alena,jelena | alena,elena | alena,jelena
алесь | алесь | алесь | aleś | alesis,ales | ales | ales
анатоль | анатолий | анатолій | anatol,anatolij | anatolijus | anatoly,anatol | anatoli
андрэй | андрей | андрій | andrej,andriej | andrejus | andrei,andrey | andrej
антон | антон | антон | anton | antonas | anton | anton
ганна | анна | ганна,анна | anna,hanna | ana,hanna | anna,hanna | anna,hanna
дзмітрый | дмитрий | дмитро | dzmitry,dmitrij | dmitrijus,dzmitryjus | dzmitry,dmitry,dmitri | dsmitryj,dmitri
вераніка | вероника | вероніка | weranika,weronika | veronika | veranika,veronika | weranika,veronika
віктар | виктор | віктор | wiktar,wiktor | viktaras,viktoras | viktar,viktor,victor | wiktar,viktor
вольга | ольга | ольга | olga,wolha | olga,volha | olga,volha | olga,wolha
зміцер | дмитрий | дмитро | zmicier,dzmicier | zmiceris | zmitser,zmicier | smizer
іван | иван | іван | iwan | ivanas | ivan | iwan
ігар | игорь | ігор | ihar,igor | igoris,iharis | ihar,igor | ihar,igor
ілья | илья | ілля | ilja | ilja | ilya,ilia | ilja
кацярына | екатерина | катерина | kaciaryna,katarzyna,jekatierina | kotryna,jekaterina | katsiaryna,katerina,ekaterina | kazjaryna,jekaterina
марыя | мария | марія | maria,maryja | marija,maria | maria,maryia,mariya | maria,maryja
марына | марина | марина | maryna,marina | marina,maryna | maryna,marina | maryna,marina
максім | максим | максим | maksim,maksym | maksimas | maksim,maxim | maxim
мікалай | николай | микола | mikałaj,nikołaj | nikolajus,mikalajus | mikalai,nikolai,nikolay | mikalaj,nikolai
мікола | николай | микола | mikoła | mikola | mikola | mikola
міхаіл | михаил | михайло | michaił,michał | michailas | mikhail | michail
наталля | наталья | наталія | natalla,natalia | natalija | natallia,natalia,natalya | natallja,natalja
павел | павел | павло | paweł,pawieł | pavelas | pavel,pavel | pawel
раман | роман | роман | raman,roman | romanas,ramanas | raman,roman | raman,roman
святлана | светлана | світлана | swiatłana,swietłana | sviatlana,svetlana | sviatlana,svetlana,svyatlana | swjatlana,swetlana
сяргей | сергей | сергій | siarhiej,siergiej | sergejus,siarhejus | siarhei,sergei,sergey,siarhey | sjarhej,sergej
таццяна | татьяна | тетяна | taccjana,tatiana | tatjana | tatsiana,tatiana,tatyana | tazzjana,tatjana
уладзімір | владимир | володимир | uładzimir,władimir | vladimiras,uladzimiras | uladzimir,vladimir | uladsimir,wladimir
юры | юрий | юрій | jury,jurij | jurijus | yury,yuri | juri
юрый | юрий | юрій | juryj,jurij | jurijus | yury,yuri | juri
яўген | евгений | євген | jauhien,jewgienij | jaugenijus,jevgenijus | yauhen,yevgeny,evgeny | jauhen,jewgeni
"""


@cache
def _rows() -> tuple[dict[str, tuple[str, ...]], ...]:
    return tuple(
        dict(zip(_LANGUAGES, (tuple(cell.strip().split(",")) for cell in line.split("|")), strict=True))
        for line in _TABLE.strip().splitlines()
    )


def given(word: str, language: str) -> dict[str, tuple[str, ...]] | None:
    """Each language's spellings of a given name in lower case; None: not listed."""
    return next((row for row in _rows() if word in row[language]), None)
