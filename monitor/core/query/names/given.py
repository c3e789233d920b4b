"""Given names: each language has its own, which no transliteration yields."""

# ruff: noqa: E501 - a name a line
from __future__ import annotations

from functools import cache

_LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de")
_TABLE = """
аксана | оксана | оксана | aksana,oksana | aksana,oksana | aksana,oksana | aksana,oxana
алег | олег | олег | aleh,oleg | olegas,alehas | aleh,oleg | aleh,oleg
алена | елена | олена | alena,jelena | alena,jelena | alena,elena | alena,jelena
алесь | алесь | алесь | aleś | alesis,ales | ales | ales
аляксандр | александр | олександр | aleksander,alaksandr,aleksandr | aleksandras,aliaksandras | alexander,aleksandr,aliaksandr,alyaksandr | alexander,aljaksandr
аляксандра | александра | олександра | aleksandra,alaksandra | aleksandra,aliaksandra | alexandra,aliaksandra,aleksandra | alexandra,aljaksandra
аляксей | алексей | олексій | aleksiej,alaksiej | aleksejus,aliaksejus | alexei,alexey,aliaksei | alexej,aljaksej
анастасія | анастасия | анастасія | anastazja,anastasija | anastasija | anastasia,anastasiya,anastasiia | anastasia
анатоль | анатолий | анатолій | anatol,anatolij | anatolijus | anatoly,anatol | anatoli
андрэй | андрей | андрій | andrej,andriej | andrejus | andrei,andrey | andrej
антон | антон | антон | anton | antonas | anton | anton
арцём | артём,артем | артем | arciom,artiom | artiomas,arciomas | artsiom,artyom,artem | arzjom,artjom
барыс | борис | борис | barys,borys | borisas,barysas | barys,boris | barys,boris
вадзім | вадим | вадим | wadzim,wadim | vadimas,vadzimas | vadzim,vadim | wadsim,wadim
валерый | валерий | валерій | waleryj,walerij | valerijus | valery,valeri,valeriy | waleryj,waleri
валянцін | валентин | валентин | walancin,walentin | valentinas,valiancinas | valiantsin,valentin | waljanzin,valentin
валянціна | валентина | валентина | walancina,walentina | valentina,valiancina | valiantsina,valentina | waljanzina,valentina
васіль | василий | василь | wasil,wasilij | vasilijus,vasilis | vasil,vasily,vasyl | wassil,wassili
вераніка | вероника | вероніка | weranika,weronika | veronika | veranika,veronika | weranika,veronika
вольга | ольга | ольга | olga,wolha | olga,volha | olga,volha | olga,wolha
вячаслаў | вячеслав | в'ячеслав | wiaczasłau,wiaczesław | viačeslavas | viachaslau,vyacheslav | wjatschaslau,wjatscheslaw
віктар | виктор | віктор | wiktar,wiktor | viktaras,viktoras | viktar,viktor,victor | wiktar,viktor
віталь | виталий | віталій | wital,witalij | vitalijus,vitalis | vital,vitaly,vitali | witali
галіна | галина | галина | halina,galina | halina,galina | halina,galina | halina,galina
ганна | анна | ганна,анна | anna,hanna | ana,hanna | anna,hanna | anna,hanna
генадзь | геннадий | геннадій | hienadź,giennadij | genadijus | henadz,hienadz,gennady | henads,gennadi
дар'я | дарья | дар'я,дарія | daria,darja | darja | darya,daria | darja
дзмітры | дмитрий | дмитро | dzmitry,dmitrij | dmitrijus,dzmitryjus | dzmitry,dmitry,dmitri | dsmitry,dmitri
дзмітрый | дмитрий | дмитро | dzmitry,dmitrij | dmitrijus,dzmitryjus | dzmitry,dmitry,dmitri | dsmitryj,dmitri
дзяна | диана | діана | diana | diana | diana | diana
дзяніс | денис | денис | dzianis,denis | denisas,dzianisas | dzianis,denis | dsjanis,denis
жана | жанна | жанна | żanna | žana | zhanna | schanna
зміцер | дмитрий | дмитро | zmicier,dzmicier | zmiceris | zmitser,zmicier | smizer
канстанцін | константин | костянтин | kanstancin,konstantin | konstantinas | kanstantsin,konstantin | konstantin
кацярына | екатерина | катерина | kaciaryna,katarzyna,jekatierina | kotryna,jekaterina | katsiaryna,katerina,ekaterina | kazjaryna,jekaterina
кірыл | кирилл | кирило | kirył,kiriłł | kirilas | kiryl,kirill | kiryl,kirill
ларыса | лариса | лариса | łarysa,łarisa | larisa,larysa | larysa,larisa | larissa,larysa
леанід | леонид | леонід | leanid,leonid | leonidas,leanidas | leanid,leonid | leanid,leonid
людміла | людмила | людмила | ludmiła,ludmila | liudmila | liudmila,lyudmila,ludmila | ljudmila,ludmila
лідзія | лидия | лідія | lidzija,lidija | lidija | lidziya,lidia | lidia
максім | максим | максим | maksim,maksym | maksimas | maksim,maxim | maxim
марк | марк | марко,марк | mark | markas | mark | mark
марына | марина | марина | maryna,marina | marina,maryna | maryna,marina | maryna,marina
марыя | мария | марія | maria,maryja | marija,maria | maria,maryia,mariya | maria,maryja
мікалай | николай | микола | mikałaj,nikołaj | nikolajus,mikalajus | mikalai,mikalay,nikolai,nikolay | mikalaj,nikolai
мікола | николай | микола | mikoła | mikola | mikola | mikola
мікіта | никита | микита | mikita,nikita | nikita,mikita | mikita,nikita | mikita,nikita
міхаіл | михаил | михайло | michaił,michał | michailas | mikhail | michail
надзея | надежда | надія | nadzieja,nadieżda | nadzeja,nadežda | nadzeya,nadezhda,nadzeja | nadseja,nadeschda
настасся | анастасия | анастасія | nastassia,anastasija | nastasija,anastasija | nastassia,anastasia | nastassja,anastasia
наталля | наталья | наталія | natalla,natalia | natalija | natallia,natalia,natalya | natallja,natalja
ніна | нина | ніна | nina | nina | nina | nina
павел | павел | павло | paweł,pawieł | pavelas | pavel | pawel
паліна | полина | поліна | palina,polina | polina,palina | palina,polina | palina,polina
пётр | пётр,петр | петро | piotr | piotras,petras | piotr,pyotr,petr | pjotr
раман | роман | роман | raman,roman | romanas,ramanas | raman,roman | raman,roman
рыгор | григорий | григорій | ryhor,grigorij | grigorijus,ryhoras | ryhor,grigory | ryhor,grigori
святлана | светлана | світлана | swiatłana,światłana,swietłana | sviatlana,svetlana | sviatlana,svetlana,svyatlana | swjatlana,swetlana
станіслаў | станислав | станіслав | stanisłau,stanisław | stanislavas | stanislau,stanislav | stanislau,stanislaw
сцяпан | степан | степан | sciapan,stiepan | stepanas,sciapanas | stsiapan,stepan | sziapan,stepan
сяргей | сергей | сергій | siarhiej,siergiej | sergejus,siarhejus | siarhei,sergei,sergey,siarhey | sjarhej,sergej
тамара | тамара | тамара | tamara | tamara | tamara | tamara
таццяна | татьяна | тетяна | taccjana,tatiana | tatjana | tatsiana,tatiana,tatyana | tazzjana,tatjana
таісія | таисия | таїсія | taisija | taisija | taisia | taissija
уладзімір | владимир | володимир | uładzimir,władimir | vladimiras,uladzimiras | uladzimir,vladimir | uladsimir,wladimir
уладзіслаў | владислав | владислав | uładzisłau,władisław,władysław | vladislavas,uladzislavas | uladzislau,vladislav | uladsislau,wladislaw
фёдар | фёдор,федор | федір | fiodar,fiodor | fiodoras | fyodar,fiodar,fyodor,fedor | fjodar,fjodor
эдуард | эдуард | едуард | eduard,edward | eduardas | eduard | eduard
юлія | юлия | юлія | julia,julija | julija | yuliya,yulia,julia | julia
юрась | юрась | юрась | juraś | jurasis,juras | yuras | juras
юры | юрий | юрій | jury,jurij | jurijus | yury,yuri | juri
юрый | юрий | юрій | juryj,jurij | jurijus | yury,yuri | juri
ягор | егор | єгор | jahor,jegor | jegoras,jahoras | yahor,yegor,egor | jahor,jegor
якаў | яков | яків | jakau,jakow | jakovas | yakau,yakov | jakau,jakow
ян | ян | ян | jan | janas | yan | jan
яна | яна | яна | jana | jana | yana | jana
яўген | евгений | євген | jauhien,jewgienij | jaugenijus,jevgenijus | yauhen,yevgeny,evgeny | jauhen,jewgeni
яўгенія | евгения | євгенія | jauhienija,jewgienija | jevgenija,jauhenija | yauheniya,yevgenia,evgenia | jauhenija,jewgenija
іван | иван | іван | iwan | ivanas | ivan | iwan
ігар | игорь | ігор | ihar,igor | igoris,iharis | ihar,igor | ihar,igor
ілья | илья | ілля | ilja | ilja | ilya,ilia | ilja
ірына | ирина | ірина | iryna,irina | irina,iryna | iryna,irina | iryna,irina
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


def languages_of_given(word: str) -> tuple[str, ...]:
    """In which of be, ru and uk a word in lower case is a given name."""
    return tuple(language for language in _LANGUAGES[:3] if given(word, language) is not None)
