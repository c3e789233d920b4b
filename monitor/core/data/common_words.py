"""How many news articles hold a common word, as a start until the store has counted its own.

Stems (``core.query.forms.stems``) by language, in five bands: at least 30, 15, 8, 4 and 2 of 100 articles. Counted over
news of many topics by leaving out, for each word, the topic that holds it most often; German by hand.
"""

# ruff: noqa: E501 - a band a block
from __future__ import annotations

from typing import Final

SHARES: Final = (0.4, 0.2, 0.11, 0.055, 0.028)
"""What a band's words are taken to be worth."""

BANDS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        """
about after all also an and are as at be been but by com for from had has have he his http in is it last more not of on one or out report said say that the their they this time to two was we
were when which who will with year
""",
        """
accord add ani announc anoth area around arrest back befor build call can charg come could day did down end fire first five four friday get go head her high him hit hour if includ into just
kill like look make manag mani month most new news no now off offic offici old onli other over peopl place polic presid releas run saturday second she so some state take team than them then
there three through today told under up use week well what where while work would www you
""",
        """
addit against agenc allow am appear articl ask attack attempt author away base becaus believ between both busi came car carri case caus center chang citi close co compani confirm continu
counti countri court critic current damag dead death die direct director do drive dure earli earlier even execut expect face famili few final follow former found game general give good
govern group gun held help home hous how howev html increas inform injur internat investig issu job john known later least leav left list live local long made man may member men million
monday morn move much murder my n't name nation near need next night novemb number open oper our outsid own part past person plan play pm point possibl post power previous provid public put
receiv recent record remain result return right saw scene season secur see septemb servic set seven sever shoot shot should show sinc start statement still store street such sunday support
suspect taken th these third those thursday took tri tuesday unit until updat us veri victim want way wednesday without woman world yet
""",
        """
abl account accus across act action activ address administr affect again ago aid air alleg almost along alreadi although american among april arm assist associ attorney avail becam becom
began behind best better big block board bodi book break bring brought bush california campaign capit central chief claim clear coach comment commit communiti complet comput condit confer
connect consid consult control cost cours crimin custom cut data date deal decad decemb decid decis defens degre deliv democrat deni depart deputi describ design despit destroy detail detect
determin develop differ discuss district doe don't done door drop due each earthquak east effect effort elect employe enough ensur enter escap event everi experi expert fan far featur feder
feel felt fight find flee floor forc forward free friend front full further gari gave given gmt got great ground grow gulf half hand happen hard health hear heard here himself histori hold
hope hospit i'm identifi immedi improv incid independ indic industri initi injuri insid internet involv januari juli june keep know larg largest late latest launch law lead leader learn led
less let level life limit line link littl locat loss lost lot magnitud main major march mark market me mean measur medic meet might mile minut miss mobil monitor mother mr natur network
never north northern note noth obama occur offer oil onc option order park parti particular partner pass patrol percent phone player playoff polit posit potenti present press prevent pro
probabl problem process product project protect publish pull question quick re reach reason region relat repres resid respons reveal risk road role rule rush safe same san schedul school
screen seem seen seri serious serv share ship shop short side sign site situat six someth son soon sourc south southern speak special speed spokesman spot staff stand star stay step stop
stori strong struck success suffer sure suspicion system talk target technolog tell term thing think though thought too top total toward town turn universiti user vehicl version vice walk
washington web weekend went whether white win window wit within women worker wound yard yesterday young your
""",
        """
abil abov access adapt advanc advantag afp afternoon age agre ahead aim alcohol alway amount angel anger anim anonym anthoni anti anticip anyon anyth apart appar appl approach approv argu
arriv assault assess attend august avenu averag avoid award bad bail barack bbc begin biggest bill bit black blog blood boat bomb border boy broke broken brown bullet buy cabl camera candid
card care career catch caught cent centr ceo certain chair challeng champion chanc check children choic chris cite clash client coast combin committe common communic concern conduct
construct contact contain content contract convict core council count coupl cover creat crew crime custodi daili danger daughter declin deep defend demand didn't difficult disappoint discov
display divis doubl dozen dr driver duti economi ed educ egypt eight either emergenc endang engin entir environ equip escort especi estim et europ evacu evening ever everyon everyth evid
excit exist expand explain explor express extend extens extrem facil fact fail fall fatal father fault fear februari feet fell field fifth figur file film financi finish firm fish fix fled
fli focus food form formal fourth franc franchis francisco fulli futur gang gas gather gb generat geolog girl global governor guard guilti guy hardwar headquart heart highest highway hire
homicid host hotel huge hundr hurt husband id idea impact import impress inch india indian instal instead integr intend intent interest interior interview introduc iran island jail jame join
jone key kind knew land leagu legal lie light load lock longer los lose love low magazin maintain marin matter meanwhil media memori messag met microsoft middl minist mission money movi ms
multipl music must navi nearbi necessari negoti newspap nine normal notic nov observ octob often onlin organiz origin p.m pari parliament patch paul pay peac per perform period philadelphia
pick plant plus polici poor popular port practic prepar pressur price prior prison processor profession profil program progress promis promot prompt prosecutor protest push quak quit quot
rais ram ran rapid rate read readi real realli recov regist regul regular relationship rememb repeat replac request requir rescu research reserv resolut respect respond rest restor revers
review riot robert roll room round rout rumor safeti saint save scale scandal score scream sea search seat secretari section seek send senior sent separ sheriff shock signific similar singl
sit small smash social societi softwar someon sometim sound specif spent sport spread st standard station stock strike struggl student sudden suggest suppli suprem survey suspici tackl
televis ten tension test thank thousand threat threaten throat throughout titl togeth touch trade traffic travel trial u. uk understand union usual valu ve vessel veteran via victori video
view villag violenc violent visit voic vulner wait wall warn wasn't watch water we'r weapon websit west whi whom whose wide wild william won word worldwid worri worth write wrote york youth
zone
""",
    ),
    "ru": (
        """
будет был год для до ег за из как котор на не об он от по посл сво сообща стран так такж что эт
""",
        """
бол больш во возможн вопрос врем все всег глав говор дан дел должн друг е есл ещ же заяв ил информац их лет ма может мы напомн нача нескольк но нов одн однак перв получ последн правительств
президент при прот работ ран результат решен росс российск сам сказа слов случа со сообщ сред стал счита сша тем то тог тольк том уж человек числ чтоб явля
""",
        """
без безопасн будут бы быт важн власт вмест времен всем всех втор где главн город государств готов групп даж два действ ден дом дональд европ европейск ес ест жител занима заявлен известн им
имен кажд качеств когд количеств компан конц коронавирус кром крупн кто ли лиш люд массов межд мен мер мест месяц министр мир мнен мног могут можн момент москв населен настоя наход
национальн наш недел некотор необходим них новост ноябр област общ объяв один оказа окол организац отмет отмеча отношен официальн очен очеред парт переда под поддержк пок политик помощ поэт
прав представител пресс приня провод продолжа прошл работа раз рассказа регион рф ряд связ связа сдела себ сегодн сейчас сем ситуац след служб сми согласн сообщен соответств состав сотрудник
средств стат сторон суд трамп тысяч украин услов ход хот цел час част чем через член этот январ
""",
        """
covid автор агентств администрац активн американск апрел бел ближайш большинств борьб будущ бывш вариант введен великобритан вернут вид включ владимир вниман встреч вы выдел выплат выраз
высказа высок выступ выход газет герман государствен гражда дал дальн дат две двух декабр дела деньг дне дня добав договор документ долж должност дополнительн евросоюз жизн журналист закон
заражен зат защит идет издан изменен имеет ин иностра интерв интерес инфекц информацион использ использова использован истор источник итог июл июн кампан кандидат коллег комитет коронавирусн
летн либ лидер лиц личн люб март материал международн меньш местн мид миллион министерств млн мужчин над назад назва назнач называ наканун нам написа например нарушен нас начал нег немецк
несмотр нет ни нидерланд нужн нынешн обеспечен образ обрат обществен обычн ограничен ожида октябр опасн определен опубликова основ основн особ особен оста осуществля ответ отдельн отказа
открыт отмен оценк очередн пандем пациент переговор перед период пишет план планир пода поддержа поддержива подобн подробн подтверд подчеркнул позиц показа политическ полн положен получа
получен понедельник порядк поскольк пост пот поч почт появ предварительн предлож предложен предполага председател представля премьер привод призна принима принят причин пришл проблем
проведен программ продолж проект произошл прост проход процесс пут путин пят работник рабоч развит разрешен район рамк распространен региональн республик реч реш рубл руководител сайт
свидетельств северн серьезн сил сильн систем собствен соглашен соединен созда составля состо состоя состоян сохран социальн союз специалист специальн срок ссылк станет столиц сторонник сумм
сутк сфер счет там тасс текст телефон тепер территор тех течен тож тот треб требован трет три тыс уголовн угроз уда указа украинск управлен уровн уточн утр участ участник факт федеральн форм
фот хорош центр частност чег чита шест штат экономик экономическ экс эксперт эффективн якоб
""",
        """
regnum reuters telegram the times август адрес акц алекс александр америк американц аналитик аппарат аэропорт бизнес благодар близк больниц британск брюссел буд быстр бюджет бюджетн вас ваш
вашингтон ввод ве ведет ведомств ведущ вел вероятн верс верховн вест вечер виде влиян внешн внутрен вод воен возраст войн волн вооружен воскресен вот врач встрет вторник вход вчер выбор
вывод выда вызва вызыва выполня выступа вышл выявл выясн глобальн го голос голосован готовн граждан границ губернатор давлен дает движен двум действительн действова демократ демократическ
депутат дет деятельн дипломат директор днем дни доказательств долг доллар допуст дорог достаточн достижен един единствен ежедневн ем женщин жертв жестк заболеван заверш завершен завис
зависим задач задержа заключ заключен законодательств законч закрыт заместител замет заня западн запрет зараз зарегистрирова заседан зафиксирова здоров здравоохранен знает значительн зон
зрен и игра ид избра избран измен имет имеют имеющ институт интересн интернет иск исключ исключен исполнен исследован историческ итал кабинет канад канал карантин каса кита клинтон ключев
ком команд комисс комментар конечн конкретн контрол конфликт крайн кремл критик лучш мал масштабн машин мвд медицинск меня мероприят миллиард минимум минувш млрд мне мо мог могл московск
наблюда надежд надзор назначен наибол налич намер напомина направлен народ настаива научн начнет нашл небольш недавн независим неизвестн нельз нем никак никогд ним нич норм ноч обвин обвинен
обеспеч обеща обнаруж образован обраща обращен обсужда обсужден обществ объединен объявл объясн обязан обязательн огранич огромн одобр означа окончательн оп оперативн определ орга орган
организова основан остальн останов ответствен отвеча отказ откр относ относительн отправ отрица отставк отсутств оцен оценива ошибк палат парламент пассажир пересмотрет петербург писа письм
пишут побед повлия повод повышен погибш подписа подтвержден позвол позволя поздн позж показател показыва пол полиц полност половин положительн получат польз польш понима пообеща попрос
попытк пор постановлен пострада потребова появля поясн правд правильн практик практическ предлага предостав предоставлен предоставля предприят представ представлен предусматрива прежд прежн
преступлен приб привел придет призва примерн присоедин приход прич провел проверк провест прогноз производств происход пройдет прокомментирова прос протест протяжен процедур процент проч
прям публикац пункт пыта пятниц равн рад размер разн разработк разреш раньш рассказыва расследован рассматрива рассчитыва реакц реализац реальн регистрац редакц реж режим республиканск
ресурс реша ри риск род рол роспотребнадзор рост рук руководств русск рынк самоизоляц свобод сезон секретар сентябр середин сет сист сих сконча скор сложн служ случ смерт смогл смогут сможет
смотр снача сниз снят соб соблюда событ совершен совет совместн соглас создан сообществ соответствен соста сотн сотрудничеств сохранен соцсет список способ способн спуст сраз средн став
станов старш степен сто стоимост страниц строительств судебн существ существен те текущ тел телекана техническ технолог тогд торгов точк точн трех тро труд тяжел убийств увелич увер улиц
умерл университет усил успех успешн установ утвержда участв участвова участк учен учет учрежден фактическ феврал финансов флорид фон фонд формирован франц хотел хочет цен центральн частн
четверг четыр четырех чиновник широк штаб электрон эпидем этап эфир южн
""",
    ),
    "be": (
        """
href ад беларус беларуск гэта да для за на не па пра што як
""",
        """
https але будз была быў выпадк года гэты дзе дзен калі краін курапат людз мы мінск ня пасл сакавік таксам чалавек час яго які якія іх
""",
        """
strong vk.com аб абарон адбудзецц адзін адміністр акцы арт артыкул беларускі больш было ва вынік вялік гадо гады гарад год годз горад гурт гісторы дзяржаўн ен жыве жыцц заўтр зь каб каля
канцэрт каранавір кожн красавік лукашэнк мае менавіт менск месц можа народ нацыяналь новы нічог орган пад пача перш прадстаўн праз пры рады раен рубле са самы сенн склад справ супрацоўн сябр
сядзіб таго так там таму тое той тольк трэб тут тым усе фестывал фільм хто ці шмат яе яког яны яшчэ іншы ўжо
""",
        """
belarusdo iншы iх t.me topic абаронц або агульн адбываецц адбылас адно адносін адны адпаведна ажыццяўля акрам аляксандр анлайн апошн арганiзац асяроддз афіцыйн ахвяр барацьб без брат бсср
буду былі бяспекi вайн варт варц вас вельм верасн верш веск вуліц вы выкананн вымушан выступ вясков відэ віцебск гадзін галiн галоўн гатовы грамадзян даво дакумента два двух дзейнас дзейнасц
дзеянн дзмітры дзяржав дом друг дума ды дэбют есьц еўрапейск еўроп жа жанчын жніўн жыхар з'яўляецц забеспячэ заканадаў закон запіс звычайн звязан зрабі зша кiраванн кампані кантрол карантын
кастрычні княств крыж культур кіно лiквiдацы лепш лета люта ля ліку мiнiстэрс малад матэрыял маці машын мая межа менш метр мне мову могу можн момант музе мяне мясцов міліцы міністр мірашнічэ
нават над надзвычай нам нас насельнiц насельніц настасс наша незалежна некальк паведамі паглядзе падраздзя падрыхтоў падчас пажарн пазн пакаранн пакіну памер паміж пандэмі папярэджа парадк
пачатак пачатк паэзі паэт перад плошч польск польшч поўн прав правядзен прагляд праграм праект прамыслов пратэст прац працава пройдз прыйш прыклад прынят прычын прэзыдэнт прэм'ер пытанн
работ радыяцыйн раз раза развіцц ране расейск раслін распарадч расі рашэнн робі розн рух рэспублiк сiтуац сiтуацы салідарна свабод свае сваю сваі свет свой слов смерц сродк ст стал стан
структур студы стужк супра сцяг сярг сярэдн такі традыцыйн тры трэнер трэц тэрытор тэхнiчн уваход удзел ужо улад усіх фота цэнтр цэнтральн цяпер чаму чэрвен школ шлях штраф шырок якiя якая
якой якіх яна імя інша ўдзел ўпершын ўсе ўсіх
""",
        """
by www.faceb аб'ект абласн аварыйн адзначы адкрыт аднаг аднак адраджэнн актывіст альб амап апошні арышт асаблів асабіст аснов асоб асуджан атрад атрым ахов аўтар бацьк беларусс беларусьф бок
будынк быць бітв валер вам васіл веда венгр венгры вобласц вольг вольск волі вось выбар выбух вывуч выгляд выйш выканаўч выканаўчы выпадак выратавал выяві вядзенн вядом віктар газет галін
гаспадарк гатов гг германі глядацк глядз глядзе году гомел гонар госц грамадзк грамадск гэтк даляр дапамог дарог дачк дзьв дзяку дзярж дзяц добр доктар дома ес есць еўрасаюз журналіст
з'яўляюцц забаронен забра задач замежн зараз захаванн заўжд збор знайш значн зноў каза калекцы калоні кампетэнц канал канфлікт карцін карэспанд колькас крок курапацк кіраўнік любы люты лявон
ліпен лістапад літаратур літоўск маемас маладафро малы маскв матэрыяль машэрав мерапрыем мзс млн мног музычн мэта мяжы міжнародн мільен навуковы навін нагляд нарадзіўс народн наш нашы
некаторы няма няпрост ніяк органамi оскар паведамля паводл падзе падпарадк падрабязн падтрымк палітвязн палітычн памя папраўч паралельн паслуг пасьл паўночн перакладч першы пляцоўк полацк
праблем прадуглед праспэкт прыз прыма прын прыня прыходзьц прэзідэнт прэмі прэтэндэн пункт рабоч рабі размаўляю разуме ракі расе расстраля расійск рашэньн руск руху рэжысер рэстарацы рэчы
рэчыв сабра савет савецк санкцы сваяк севярынец сезонн сказа служб снежн спра стагоддз станцы стар старажытн стая стаў стварэнн сувяз суду сумесн сучасн сын сытуацы сябе сям' сімвал сімпат
сітуацы то транспарт траўн ты тысяч тэатр тэкст тэлеграф тэлекана тэлефон тэрыторы універсіт упершын устаноўле усяг форм футбол фізік хоча хутк хімічн царкв цяжк цікав цімафеев чаго чака
чарнобыль часа частк часу чорн чына чыта шапуцьк шука эпідэмі юрыя якую ігар ім імпрэз імі інстытут інтэрнэт інфармацы інш існу ўбачы ўмов
""",
    ),
    "uk": (
        """
але від він для до за його на не про післ року та також україн це час що як які із
""",
        """
або був буде було більш вже вона вони всі відповідн заявив зі коли країн має ми може навіт перш по повідомля представн президент при прот під раніш слов так таки те то того тому українськ
цей цьог частин через чи ще щоб щодо яка який яких якщо європейсь інши їх її
""",
        """
американс багат без близьк будут була були бути велик ви вибор виконанн використа випадк влад все відом відповіда го голов головн де день держав державн деяк дональд допомог друг дуже думк
житт зараз заяви зокрем зроби йдетьс компані крім липн листопад лише люде можн можут між міністр місц нагадаєм над найбільш народ нас наступн них нови ново ні ніж німецьк німеччин однак одно
орган організац останн п'ят переговор переда перемог період питанн повідомле політик прав прац проект процес робо робот рокі росі році рівн рік рішенн саме своє свої своїх світ серед сказа
сказав служб справ стал сша січн тако тижн тим трамп тут тільк угод умов уряд участ хоча хто цьом ці числ член європ єс інтерес інформаці інші
""",
        """
агентств адміністр акці батьк безпек березн би бо будь більшіст важк важлив варіант вересн виданн визна виклика використо вимог виробницт власн водночас вперш вплив всіх глав годин грудн
груп далі двох директор дня днів добр договор документ діяльност дії економічн експерт загал загальн зазначив закон законодав запропону засоб застосува заход заяв зв'язк звичайн згод згідн
здоров' змі змін значн знов зобов'яза йому каже кандидат керівницт київ кожен кожн компан комісі контрол критик культур кільк кількост кількіст кінц лист людин люто літератур майбутн майж
мали матеріал мают мене менш мені минул млн млрд можлив можливост міг міжнародн мільйон міністерс міст місцев місяц нада надзвичай найближч найкращ наказ нам намір наприкінц населенн
насправд національ нашо наші необхідн неї ними новин нову нові ньог нічо об'єднан об'єднанн област обсяг оголоси один одни окрем окрі оскільк основн особлив осіб отрима отримав офіційн
охорон парламент партнер парті певн перед перелік питан пише план повинн повн повніст повідоми пода подальш поді подібн позиці поки політичн понад посад посиланн потрібн поча початк правд
працівник прес приблизн привод призначен прийнятт проведенн пропозиці прост протяг пункт підстав підтримк підтриму пішл рада ради разо разі район реалізаці режим результат решт робит робоч
розвитк розгляд розмір роки російськ різн сайт сам само самі свог свою своїм свій себе серпн систем ситуаці скасуванн склад слід собі союз спеціальн сполучен співпрац спільн став стан стат
створенн сторон суду сфер сьогодн таке такі там тепер територі термін ти тисяч тобт тоді той транспорт треб три трива трох ті уже установ усі усіх форм хоче центр цим цих цю ця цій цієї часо
часу чино чого чоловік чому шлях яке яким яког яком якої яку євро євросоюз єдин ірланді історі їм
""",
        """
reuters the twitter абсолютн автомобіл автор адже американц америц андрі архітекту боку боротьб брат британі будем будинк будівельн будівницт бюджет бізнес біло вас вважа вважают велико
великобри величезн верховн взят вида видан визначен вийш виконавч випробува вирішальн висновк висок виступа виступи витрат виходит вказан власник внаслідок внес внутрішн володимир воно ворог
впевнен всьо втім вугілл входи вівторок відбуваєт відбудеть відділ відкрит відмін відносин відповід відправи відраз вільн газу галуз генеральн говори голос голосуван господарс готов грн
громад громадськ громадян гірш далек дани даним дані даст дати дає два двер депутат державно джере джерел дискусі добу довг довелос довір додав додатков докумен долар дорог досліджен
достатнь досягненн досі доход дума дух дій дію діяльніст економік енергетич етап ефект жовтн жодн жорстк журналіст жінк забезпече забезпечи забезпечу завдан завдяк завершенн завжд зазвич
зазначаєт зазначен зазначи заклад залишаєть заміст запланова запровадж зареєстро застосову засіданн затвердже затверди захист збільшенн збільши зважаюч зван звинуваче здаєтьс здоров
здійснюва земл змог знал значенн зниженн зовнішньо зовс зрозумі зростанн йде кабін кабінет кампані канал квітн керівник києв ключов книжк колег колишн команд композито комісіє комітет
конкурс консерват конституц контракт конференц концепці кордон користува кошт кращ культурн курс кількох люди лідер ліні літак мав майбутнь мало мама масов мати матим машин межа мето метод
мистецтв михай мова можливіст момент москв мою му мій мінімум міся набира наголосив назв назва називают належат наприклад нараз нарешт натоміст наш наша наши невідом незалежн нема необхідно
необхідні нещодавн нині нова нормальн нідерланд ніко ніхт об'єкт обговорен обидв оборон обставин одна одне одночасн одну означа олександр операці опублікув основ особ особист остаточн от
отримают отримува п'ятниц перебува перебуваю переваг переважн передач передбача передбаче переможц переміг перспекти писа плану плат платформ пов'язан повинен повідомив повітр погляд поза
показник положенн поляга помилк попередн попр порушенн порядк порівнянн послуг пост постанов потрапи потреб поті почав поширенн практичн працю працюва представл президен прем'єр прийня
прийнят приклад принаймн природ прихильни причин пробл проблем провес проголосу прогр продовжен промислов процедур прям публічн північн підвищенн підготовк підкресли підприємс підтверди
підтрима підтримув підтримую піти пішов раді раз рамк реальн регулятор регіон ред результа республік ресурс реформ речі реєстраці ринк роби розмов розпорядж розпоча розробк розроблен роман
рук річн рішен сами самостійн свобод своєм світов секретар сенс сист скасува соціальн спостеріг спосіб спочатк спроб співробіт станови становит становити стар статистик статт створен створи
сторінц стратегі строк структур суд схвали сім така таким теж телеканал територіа технологі тижден тис тих тов товар точн тощо треть триватим уваг уника уніан управлінн урахуванн усуну усім
учасник фактичн фонд фото фінансов хлопц хоті хоч центральн цікав цілк червн черг четвер чим чинност читайт чотир швеці широк штат щонайменш щось юридичн юстиці якби якост якою якій яскрав
єврокоміс імен інвестиці інститут інструмен інтерв' інфрастру іншо іншу ініціатив їхні
""",
    ),
    "pl": (
        """
al był będz co cz dla do inn jak jest już któr ma mi moż na nie od po powiedz przed przez rok si spraw są tak teg to tym wszystk za ze zost że
""",
        """
ab bardz bez bo by byc będ cał chc czas częśc drug duż europejsk gd ich jedn jednak jeg jej jeszcz jeśl kied kilk kraj którz lat lub ludz maj miejsc mog mus mów nad nawet ni niż now on oraz
pan państw pierw pod polsk prac praw prezydent prz raz rząd również sam sob stan stron swo swoj takż te tej ten teraz też tylk we wiel więc
""",
        """
amerykańsk bezpieczeństw cel chce chodz ci czyl częst człowiek dal dan decyzj dobr dod dom donald dotycz dwie dwóch działan dzis europ firm gdzie go godzin grup głos główn im informacj je
jeden ją każd kobiet kolejn komisj końc m.in mam mał międz mnie mogł możliwośc możn mu nadal najwięk należ nam nas nic nich nim obecn ocen ochron os ostatn osób pewn podczas podkreśl podobn
poinformow polityczn polityk pomoc ponad porozumien powinn powod proc proces przeciwk pytan rad rozmow rzecz różn sposób st star stwierdz sytuacj szef ta tam tem temat trump tu tych tygodn
tys ue uni us uwag uważ wcześn według wielk większośc wobec wpływ wynik względ władz właśn wśród zapewn zdan zgodn zjednoczon zmian zostan zrob związk środk świat żadn żeb ży
""",
        """
agencj akcj alb artykuł aż badan biał blisk bow brak bron bruksel brytyjsk będzi cen chcą choc chw ciąg coraz cos czarn czek czter czyt członk członkowsk dawn dlacz dlat dni dnia dniach
dobrz dodatkow domag dopier drodz drog ds dwa dział dziec dzieck dzięk dług eur fakt finansow form francj gdyb gospodarcz granic grudn gór głow il interes ja jednocześn jedyn jeżel kole
konferencj koniec kontrol koszt kr krajow krótk kto kwest lep letn licz liczb list listopad med miast miel mieszkańc milion mim minister międzynarodow mln mn moc mogl moj możliw myśl mógł
mężczyzn młod najbardz najlep napis naprawd narodow następn natomiast niektór niemieck nigd nikt nią ob obywatel ocz odpowiad odpowiedz oficjaln ok okaz okoł organizacj osob ostateczn otrzym
oznacz oświadczył pap parlament part parti pełn pięc plan podstaw podstawow polsc poniedziałek ponieważ por pot potwierdz powinien poz połow pracownik pracuj prasow prawn premier prezes
probl problem progr program projekt pros prost prowadz przebieg przeciw przedstaw przedstawiciel przepis przyczyn przykład przypadk przyszł przyszłośc przywódc przyzn prób publiczn punkt
późn ram relacj rob rodzin rol ruch rynk rzecznik równ ręk sieb siedz skład specjaln spotkan społeczn stanow stanowisk stoi stosowan stosunk styczn sw swój syst szans szybk sąd słow termin
traf troch trudn trz trzeb trzec trzech tut twierdz tyl tysięc tzw tę ubiegł ud udz umow unijn ustaw uzn walk wart wartośc warunk ważn wciąż wczor wiadom widz wiedz wiek wiem więk wniosk wod
wolnośc wspóln wspólnot współprac wszysc wted wybor wyborcz wyd wydan wygląd wypowiedz wysok wyłączn wyż wówczas własn właściw zagraniczn zagrożen zakres zakład zamiast zapowiad zapowiedz
zarzut zarówn zasad zaw zbyt zdecydowan zdrow zmien znaczen znaczn znajduj znan znów związan zwróc zwłaszcz zł śmierc środ środowisk świ źródł życ
""",
        """
administracj akt aktualn alkohol ameryk amerykan an analiz andrz andrzej art atak bezpieczn bi biegn bior biur biznes brytani budow budynk budżet byl centraln centrum charakter chin chociaż
chor chron chwil chyb chłopiec ciekaw ciężk czerwc czerwon czwartek da daj dał debat decyduj demokracj demokratyczn desk dochod dochodz dokon dokument dokładn dolar doprowadz dost dostęp
doszł dotychczas dotychczasow dotąd drzwi dud dyrektor dyskusj dysponuj dz działalnośc dzien dziennik dziennikarz dziewczyn dziewczynk dzisi dziękuj dłuż efekt ekspert energi ewentualn gazet
gor gospodark gotow gr gra groz głosowan handlow histori id idz ii ilośc imien in inacz informuj inicjatyw instytucj istniej istotn iż jan jasn jedz jerz kadencj kampani kandydat kar kierowc
kierunk kim klient kluczow komentarz komunikat kon konflikt konieczn koniecznośc konsekwencj korzyst korzystn krok krytyk kryzys książk ktos kwesti las lecz leczen lekarz leż lider lin lipc
liś lokaln mar marc masow matk medi mich miec miesi miesiąc miesięc mieszk mieś ministerstw ministr mld mo mocn mow my mówi nadziej nagl najbliż najmn najpierw najważn najwięc najwyż nastąp
nasz nazw negatywn negocjacj news niec niech niedawn niemc niemczech niemiec niepokoj niestet niewielk niezależn niezbędn nisk no noc nog np obaw obejmuj obok obowiązuj obraz obszar
oczekiwan oczywiś odbył odmów odpowiedn odpowiedzialn odpowiedzialnośc odrzuc odwrotn ograniczen ogromn ogóln ogłos okazj okres określ określon opini opowiad oprócz opublikowan organ
oskarżen oskarżon ostr ostrzeg otrzymuj otwart oświadczen pamięt partner pewnośc pi pieniądz pieniędz piotr pis piątek piłk planowan pobliż pochodz początk podaj podan podatk podmiot podpis
pojaw pokazuj pol polac polak policj polityc pomiędz pomysł pomóc poniż ponown popier popraw poprzedn poprzez portal posiad post postanow postęp poszczególn potencjaln potraf potrz potrzeb
potrzebn potrzebuj poważn powst powstan powszechn poziom pozost pozostaj pozostał pozwal pozwol pozycj pozytywn południow pracow prawd prawdopodobn prawdziw prawic prezydenck procedur
producent produkcj produkt propozycj protest prowadzon prywatn przebyw przecież przedsiębiorstw przedstawic przekaz przekazan przekonan przeprowadz przeprowadzen przewiduj przewodnicz
przygotowan przyjęt przyjęł przypomin przypomn próbow próbuj pół północn płac racz radz ran raport reakcj realizacj region religijn reprezentuj republikan republikańsk reszt roczn rosj rosn
rosyjsk rozm rozmaw rozpocz rozpoczn rozpoczęł rozwiązan rozwoj rynek ryzyk rządz różnic ręc sal samochod samolot sankcj sekretarz siec siln sił sk skal skarg skończył skutk sobot spodziew
spor sportow spotk spowodow społeczeństw sprawiedliwośc sprzeciw sprzedaż spędz stacj staw stał stoj stolic stopn strac szczególn szczegół szkoł szpital sądz służ technologi telefon telewizj
telewizyjn teren the tradycyjn trak traktat traw trw trzym twarz twitterz ty tydzien tymczas tysi tłumacz tłumaczył udział układ ulic um un urząd urzęd ust ustal usług utrzym uzysk uzyskan
walcz warszaw waszyngton wbrew wchodz wejśc wewnętrzn wezw wi wiadomośc wie wieczor wierz więzien wkrótc wniosek wodz województw wojn wokół wol woln wprowadz wprowadzen wrac wraz wresz wróc
ws wskaz wskazuj wstępn wszelk wtorek wybr wybran wydaj wydarzen wydaw wygr wyjaśn wyjśc wykaz wykonuj wykonywan wykorzystan wykorzystywan wymag wynos wypadk wyraz wyraźn wysokośc wystarcz
wywoł wzrost wzyw wątpliwośc włoch włos zaangażowan zachodn zachowan zachęc zaczęł zadan zainteresowan zajmuj zakończen zależ zamierz zamknięt zapewnien zarządz zas zat zatrudnien zawodow
zaznaczył zbier zdecydow zdrowotn zeszł zezwolen zgod zgodz zmarł zn znacz znak znalazł zobacz zorganizowan zupełn zwiększen zwolennik zwrac zwycięstw zysk złot złożon łatw łączn średn
światow święt żaden żołnierz żyj
""",
    ),
    "lt": (
        """
ap ar būt dar darb daug dėl es gal ger ir iš jau jų kad kaip kas kit kur lab met ne nor nuo pat per sav su tai taip tik to tok tur už vien vis yr žmon
""",
        """
ant aplink arb aš be bei bendr bet bus buv dabar dal did didel dien eur galim galv gyvenim ik jei jeig jie jis jo jog jos juos kai kalb kart kel kiek kiekvien kok ką laik lietuv lik man maž
mes nam nar nauj nes net niek nėr pad pagal pasaul pinig pirm po prad prie prieš produkt projekt reik sak svarb tad tarp teis tiek tikr tiksl tod tol tyrim vaik vakar valstyb viet įmon įvair
šal žin žmog
""",
        """
an apsaug artim atlik atrod atstov atvir automobil bendrov bevei biudžet būd būtin centr dalyv dažn dirb dėmes ekonomik galimyb greit ilg iniciatyv inovacij institucij investicij jam ji jok
juk jum jį jūs kaun klausim kol komisij komitet kuo laikrašt laisv lauk lengv lig lit lyg lėš maist mat miest ministerij ministr mokslin mokykl mum mus mūs naud negal nei nereik nežin numat
nustat padar pagrindin par partneryst pasak paslaug pastang pastar pav pavyzd plan plat plėtr politik poreik prekyb priemon problem proces progr pus rem rezultat rink rizik rod ryš savait
seim sektor sen siek situacij skatin skir skirt srit sudar sukur sunk sąjung sąlyg taisykl tam tap tar tarnyb tas tat technologij teik ties tink tuo tą tėv tūkst vadin vadov vald veik veikl
veiksm versl verslinink vert vieš viln visk visuomen vyr vėl ypat čia šio šios šią švent švietim šį ūk žem žod
""",
        """
agentūr aišk aiškin ak akcij akt amžiaus anksčiau asmen ataskait ateit atid atnauj atsižvelg atvej aug augal aukšt bals bendradarbiavim bendrij bendruomen bent blog brang daikt dain dalyk
dalyvavim daugel direktor dovan drabuž draug du duom efektyvum ein eit ekolog elektr elektrin energij erdv esm finans finansavim finansin form gam gamin gatv gaus gaut graž gret griežt grož
grup gėrim id ilgalaik im informacij infrastruktūr internet invest irg išlaid ištekl išvad jas jausm jaut jav jiem jom ją jėg kaim kaimyn kalėd kambar kasdien kažk keist klimat knyg ko koleg
konkret konkurenc konkurencingum konkurent kontrol kultūr kūn kūrim laim lygm malon mašin medžiag men milijon minut mok mokest moksl mokym moter muzik mvį mėnes naudojim naujov neb nebuv
nebūt nep nepakank nepriklausom nesen netg netur niekad numatom nuol nuolatin nuomon nusprend nė pag pagalb pager pakl palank panaš paprast parduotuv partner pas pasa pasaulin pasiūlym
paskat paskutin pastat pateik patvirt pažang pinigin pirminink plauk plėt požiūr pramon prek premjer prival privat proc puik punkt rajon ras region reglament reikal reng respublik rib rinkim
rinkt ryt sau savivaldyb sistem skait skat skausm skiri skyr sostin spalv specialist spręs stal statyb stil stipr stov strategij strategin stres subjekt sud sukel sumaž susij sutart suteik
sveik svet sąraš sėkm ta taig taik tamp tarptautin tav teatr teig teisin ten tendencij tie tiesiog tinkl transport trečiadi trūkum tu tuoj tuos turim tvark tų ugdym uog užtikr valstybin vand
vart veid vertinim vidutin visad vykd vykst vyriausyb įgyvend įgyvendin įskait įstaig įstatym šaltin ši šiam šiandien šis šit šiuo štai šventin žal ženkl žinom
""",
        """
ab akimirk akivaizd aktyv aliej alkohol andrius angl ankst antr aplinkosaug aprang apskrit apygard asociacij at atitink atkūrim atmin atomin atotrūk atsak atsakomyb atsisak atsitik atskir
atžvilg avarij baig bais balt baltic banal bej bendravim biur būn būs būtent dabartin dail dary daržel daržov daugum daugyb departament dešimt dienrašt direktyv dvi dyd dėk dėlt dėt dėžut
egzistavim eil eism ekologin ekonomin elges gair galbūt gamt gan gav gedimin glaveck grafik gruod gyven gyvūn ideal informacin institut intelektin intensyvum irt istorij itin išaug iškart
išlaik išleis išlik išm išveng jud juo juok kandidat kapital karjer kasmet kavin keis kelet kenksm ketin ketur kiaušin kil kin kirp kirpim kirpykl kitaip klaus kliūt klub kod komercin
kompanij kompetencij kompiuter kompleks konstantin konsultacij koordin krašt kreip kriz kvep kyl laikotarp laikym lang lap likus lyder lėt lūkest main masaž mast maty maxim mažin mažuol mer
metin mieg min mint mln muil mėgin mės na nacionalin natūral nebūtin nedidel neegzist neg neigi neman nemat nemaž nenor nepasteb neprad nere nereikal netik nr nuolaid nuosavyb nuotaik
nutarim orient pabaig paded pagalvo pagrind pagrįst palik pan papildom para paralelin pare pareig parem pareng park parlamentar parod partij pasibaig pasiek pasirink pasirod pasiūl paskelb
patarim patek patirt patraukl patvirtin pavers pavyk pašt pažym penk period perspektyv pirk plačiajuost pobūd populiar potencial praktik prasid prasm prast praėjus praš prezident priežast
priim prikl princip pripažin prisid pristat procedūr procent produkcij profesij projektavim protest pusiausvyr pykt pyrag ragin ram rašt reform reikalavim remi remont ret rugs ruoš rusij rūš
saky santyk saugum savaitgal sekretor septyn serial sieki siūl sklaid skon skubė smulkmen socialin spart spaud special sport sprendim spėj standartizacij stat stenkit suder sukurt sum supras
suprat surink susijus sutaup suv svarst sveikat sąveik sąžin sėd taikym tais taur taut teiki teisingum tek tenk termin tikin tikt tobul ton tos tradicin tret tris trys turė tušt tvirt
tvirtin tėvyn uždavin užsi užsiim vad vair vais valand vard varom vartojim vasar važ ved veiksmingum veng verslum veterinarij vid vidur viktor vilk vilt virtuv visuomet von voratinkl vos
vykdom vykdym įgūd įkvep įmanom įperk įprast įsakym įsisav įtamp įvykd šeim šiek šiom šiuos šių šok šun švar šveln ūkininkavim žemonien ženev žiūr žuv žvelg
""",
    ),
    "de": (
        """
als am an auch auf aus bei das dass dem den der des die ein er es fur hat im in ist mit nach nicht sagt sich sie und von war wie wurd zu
""",
        """
aber all and bis dann dies dort durch erst geg hab hatt heut ich ihm ihn ihr jahr jetzt kann kein man mehr noch nur ob oder schon sei sein seit sind so soll uber um unt vom vor was weil wenn
werd wir wird word zum zur zwei zwisch
""",
        """
ab bereit da dabei damit demnach dess doch drei durf end etwa etwas gab geb geh geht gibt ging gross hier imm ja kam komm kommt konn land lass laut letzt liess mach macht mal mann mensch
million mitteilt muss neu nun ohn prozent rund selb sowi spat stand steh steht tag teilt uhr viel wahrend weit welch wied will woch woll worub zeit
""",
        """
angab april arbeit august berlin best bleib bleibt bring daran darauf darub davon dazu deutschland dezemb dienstag donnerstag euro europa fall februar find frag frau freitag funf gegenub gut
hand haus hundert januar juli juni kind klar kurz lang leb mai marz minut mittwoch montag nehm nie novemb oktob partei polit polizei prasident regier samstag sech seh septemb sieht sonntag
sprech stadt stund teil vier weg welt wohl
""",
        """
ausserd behord beid beim bekannt bericht bish bislang burg dadurch deshalb deutsch dritt eben einig einmal ergebnis erklart expert fast fuhr ganz gehor gemeinsam gerad gericht grund halt
heisst hiess hint innerhalb insgesamt jed jedoch kaum lieg liegt minist ministerium moglich neb oft platz samt schul sond spiel staat staatsanwaltschaft stell strass trotz unternehm
verschied weiss wichtig wiss zahl zeig zeigt zud zunach zuvor zweit
""",
    ),
}
