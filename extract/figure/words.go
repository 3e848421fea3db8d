package figure

import "math"

// The lists are closed classes of English, the scales and measures of the
// International System and of US customary use, ISO 4217 currencies with their
// everyday names, and nouns that reports of data breaches count. They hold
// words in lower case; a noun stands in the plural, or as singular/plural where
// that is irregular.

var roleLists = []struct {
	role  role
	words string
}{
	{hundred | suffix, "hundred"},
	{few, "few several couple"},
	{article, "a an"},
	{half, "half"},
	{point, "point"},
	{minus, "minus negative"},
	{percent, "% percent percents pct percentage percentages"},
	{month, "january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec"},
	{weekday, "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"},
	{timely, "a.m a.m. p.m p.m. am pm o'clock gmt utc est edt pst pdt cet bst ist hrs noon midnight et pt"},
	{street, "street st avenue ave road rd boulevard blvd drive lane ln parkway pkwy highway hwy plaza court"},
	{stop, "of in on at by for from with without to into onto upon over under above below between among amongst through throughout during before after since until till against about around across along behind beyond near off out up down per via toward towards within despite except including excluding regarding concerning following versus vs amid like than as while when where whenever wherever whether because although though unless if so that which who whom whose what why how but nor yet and or plus then there here now today yesterday tomorrow tonight not also only just even still already again ever never soon later earlier ago too once twice together instead however therefore moreover meanwhile worldwide nationwide globally overall alone altogether each apiece combined total"},
	{stop | bare, "is are was were be been being am has have had having do does did done will would shall should can could may might must isn't aren't wasn't weren't hasn't haven't hadn't didn't doesn't don't won't wouldn't can't cannot couldn't"},
	{stop, "said says say saying told tells according announced announces confirmed confirms reported reportedly allegedly apparently possibly potentially likely went gone got gets came comes became become becomes made makes took takes taken gave gives given saw seen showed shows paid pays sold sells bought began begins contained contains containing included includes belonging remain remained stored held holds led leads left leaves live lives worth compared respectively i he she it we they me him us you himself themselves itself yes no"},
	{determiner, "the its their his her our your my this that these those all both any every each whose"},
	{pronoun, "them those these which whom us others it"},
	{extra, "another additional further extra other the total"},
	{label, "version versions v ver release build windows ios ipados android macos osx chrome firefox safari java php python ruby office exchange sharepoint ubuntu debian fedora linux iphone ipad galaxy pixel xbox playstation article articles section sections chapter chapters rule title form schedule part parts item figure table page pages line appendix exhibit count docket case iso rfc soc pci nist fips cve cwe cvss port ports level tier phase type class grade category room suite floor unit route highway interstate channel radio flight boeing airbus gate pier step stage day week no nos id ids error score scores severity scale code bus top fortune nasdaq ftse dow number # № © bulletin advisory kb bugtraq lot box area formula studio motel apollo covid opus act law statute usc amendment proposition prop regulation directive resolution round game season episode volume vol chap sec patent ticket bill platform pentium core ryzen model mark generation codename sha md tls ssl wpa usb hdmi dvd mp ipv http https api sdk net cobol sql server vista xp nt se"},
	{change, "rose rise rises rising risen fell fall falls falling fallen grew grow grows growing grown dropped drop drops dropping increased increase increases increasing decreased decrease decreases decreasing jumped jump climbed climb soared surged surge shrank shrunk declined decline raised raise lowered reduced reduce revised up down went gone changed changing moved expanded slipped sank plunged swelled doubled tripled cut slashed improved"},
	{placing, "last past next previous coming first final latest recent ensuing following subsequent preceding prior initial earlier opening closing trailing upcoming"},
	{apart, "ago earlier later after before since prior afterward afterwards hence"},
	{lasting, "for of offered offering offer offers lasted lasting lasts last took takes take taking with than least about nearly almost around roughly over under provided providing provide provides given giving give gives receive receives received get gets getting free spent spend spending full whole entire within least another up in approximately only just some half and or paid includes including cover covers covering"},
	{aged, "aged age ages"},
	{idle, "factor factors way ways star stars fold party parties time times bit bits digit digits step steps tier sided dimensional pronged part letter faced figure figures level pointer off ever"},
}

var valueLists = []struct {
	role  role
	words string
	value func(i int) float64
}{
	{ones, "one two three four five six seven eight nine", func(i int) float64 { return float64(i + 1) }},
	{teens, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", func(i int) float64 { return float64(i + 10) }},
	{tens, "twenty thirty forty fifty sixty seventy eighty ninety", func(i int) float64 { return float64(10*i + 20) }},
	{tens, "fourty", func(int) float64 { return 40 }},
	{zero, "zero nought", func(int) float64 { return 0 }},
	{hundred | suffix, "hundred", func(int) float64 { return 100 }},
	{scale | suffix, "thousand million billion trillion quadrillion quintillion sextillion septillion", func(i int) float64 { return math.Pow10(3*i + 3) }},
	{scale | suffix, "lakh crore", func(i int) float64 { return math.Pow10(2*i + 5) }},
	{scale | suffix, "lakhs crores", func(i int) float64 { return math.Pow10(2*i + 5) }},
	{scale | suffix, "mil mln bln tln", func(i int) float64 { return math.Pow10(3*max(i, 1) + 3) }},
	{scale | suffix, "mn bn trn", func(i int) float64 { return math.Pow10(3*i + 6) }},
	{scale | suffix, "mm bil tril", func(i int) float64 { return math.Pow10(3*i + 6) }},
	{letterScale | suffix, "k m b t", func(i int) float64 { return math.Pow10(3*i + 3) }},
	{letterScale | suffix, "g tn cr", func(i int) float64 { return []float64{1e9, 1e12, 1e7}[i] }},
	{dozen | suffix, "dozen dozens", func(int) float64 { return 12 }},
	{plural, "tens dozens hundreds thousands millions billions trillions", func(i int) float64 {
		return []float64{10, 12, 100, 1e3, 1e6, 1e9, 1e12}[i]
	}},
	{plural, "scores lakhs crores", func(i int) float64 { return []float64{20, 1e5, 1e7}[i] }},
	{part, "half third quarter fifth sixth seventh eighth ninth tenth", func(i int) float64 { return 1 / float64(i+2) }},
	{part, "fourth twelfth twentieth hundredth thousandth millionth billionth trillionth", denominator},
	{parts, "halves thirds quarters fifths sixths sevenths eighths ninths tenths", func(i int) float64 { return 1 / float64(i+2) }},
	{parts, "fourths twelfths twentieths hundredths thousandths millionths billionths trillionths", denominator},
	{vulgar, "½ ⅓ ⅔ ¼ ¾ ⅕ ⅖ ⅗ ⅘ ⅙ ⅚ ⅛ ⅜ ⅝ ⅞", func(i int) float64 {
		return []float64{1. / 2, 1. / 3, 2. / 3, 1. / 4, 3. / 4, 1. / 5, 2. / 5, 3. / 5, 4. / 5, 1. / 6, 5. / 6, 1. / 8, 3. / 8, 5. / 8, 7. / 8}[i]
	}},
}

func denominator(i int) float64 {
	return []float64{1. / 4, 1. / 12, 1. / 20, 1e-2, 1e-3, 1e-6, 1e-9, 1e-12}[i]
}

var unitLists = []struct {
	role  role
	unit  string
	value float64 // what one of them is in unit; 0 leaves what the word means as a scale
	words string
}{
	{bytes | suffix, Bytes, 1, "byte bytes"},
	{bytes | suffix, Bytes, 1e3, "kb kib kilobyte kilobytes"},
	{bytes | suffix, Bytes, 1e6, "mb mib meg megs megabyte megabytes"},
	{bytes | suffix, Bytes, 1e9, "gb gib gig gigs gigabyte gigabytes"},
	{bytes | suffix, Bytes, 1e12, "tb tib terabyte terabytes"},
	{bytes | suffix, Bytes, 1e15, "pb pib petabyte petabytes"},
	{bytes | suffix, Bytes, 1e18, "eb exabyte exabytes"},

	{sign, USD, 0, "$"}, {sign, GBP, 0, "£"}, {sign, EUR, 0, "€"}, {sign, BTC, 0, "₿ ฿"},
	{sign, "JPY", 0, "¥"}, {sign, "INR", 0, "₹"}, {sign, "RUB", 0, "₽"}, {sign, "KRW", 0, "₩"},
	{sign, "ILS", 0, "₪"}, {sign, "NGN", 0, "₦"}, {sign, "UAH", 0, "₴"}, {sign, "TRY", 0, "₺"},
	{sign, "PHP", 0, "₱"}, {sign, "VND", 0, "₫"},

	{code | suffix, USD, 0, "usd us$"}, {code | suffix, GBP, 0, "gbp"}, {code | suffix, EUR, 0, "eur"},
	{code | suffix, BTC, 0, "btc xbt"}, {code | suffix, "INR", 0, "inr rs"}, {code | suffix, "AUD", 0, "aud"},
	{code | suffix, "CAD", 0, "cad"}, {code | suffix, "JPY", 0, "jpy"}, {code | suffix, "CNY", 0, "cny rmb"},
	{code | suffix, "CHF", 0, "chf"}, {code | suffix, "SEK", 0, "sek"}, {code | suffix, "NOK", 0, "nok"},
	{code | suffix, "DKK", 0, "dkk"}, {code | suffix, "NZD", 0, "nzd"}, {code | suffix, "SGD", 0, "sgd"},
	{code | suffix, "HKD", 0, "hkd"}, {code | suffix, "KRW", 0, "krw"}, {code | suffix, "RUB", 0, "rub"},
	{code | suffix, "BRL", 0, "brl"}, {code | suffix, "MXN", 0, "mxn"}, {code | suffix, "ZAR", 0, "zar"},
	{code | suffix, "PLN", 0, "pln"}, {code | suffix, "ILS", 0, "ils nis"}, {code | suffix, "AED", 0, "aed"},
	{code | suffix, "UAH", 0, "uah"}, {code, "KES", 0, "kes ksh kshs sh shs"}, {code | suffix, Other, 0, "eth xmr ltc bch"},

	{money, USD, 0, "dollar dollars buck bucks"},
	{money, GBP, 0, "pound pounds quid sterling"},
	{money, EUR, 0, "euro euros"},
	{money, BTC, 0, "bitcoin bitcoins"},
	{money, "JPY", 0, "yen"}, {money, "CNY", 0, "yuan renminbi"}, {money, "INR", 0, "rupee rupees"},
	{money, "RUB", 0, "ruble rubles rouble roubles"}, {money, "CHF", 0, "franc francs"},
	{money, "SEK", 0, "krona kronor"}, {money, "NOK", 0, "krone kroner"}, {money, "MXN", 0, "peso pesos"},
	{money, "ZAR", 0, "rand"}, {money, "BRL", 0, "reais"}, {money, "ILS", 0, "shekel shekels"},
	{money, "PLN", 0, "zloty zlotys"}, {money, "UAH", 0, "hryvnia hryvnias"}, {money, "AED", 0, "dirham dirhams"},
	{money, "HUF", 0, "forint forints"}, {money, "CZK", 0, "koruna korunas"}, {money, "THB", 0, "baht"},
	{money, "MYR", 0, "ringgit"}, {money, "IDR", 0, "rupiah rupiahs"}, {money, "NGN", 0, "naira"},
	{money, "GHS", 0, "cedi cedis"}, {money, "VND", 0, "dong"}, {money, "BDT", 0, "taka"},
	{money, "TRY", 0, "lira liras"}, {money, "SAR", 0, "riyal riyals"}, {money, "KES", 0, "shilling shillings"},
	{money, Other, 0, "ether monero litecoin litecoins ethereum"},
	{minor, USD, 0, "cent cents ¢"}, {minor, GBP, 0, "pence penny"},

	{span, Years, 0, "year years yr yrs"}, {span, Months, 0, "month months"}, {span, Days, 0, "day days"},
	{span | suffix, Hours, 0, "hour hours hr hrs"}, {span, Other, 0, "week weeks"},
	{span | suffix, Other, 0, "minute minutes min mins seconds sec secs millisecond milliseconds ms fortnight fortnights decade decades century centuries"},

	{suffix, "", 0, "ml cl l km kg mg cm ft in lb lbs oz mph kph kmh kw kwh mw mhz ghz hz mbps gbps kbps tbps nm mile miles meters metres"},
}

// nounLists says which nouns count as what; the units are the contract's.
var nounLists = []struct{ unit, words string }{
	{People, `customers users patients members employees guests residents victims households subscribers
person/people persons individuals man/men woman/women child/children staff/staff staffers personnel/personnel
workers co-workers coworkers colleagues students pupils teachers professors lecturers faculty/faculty graduates undergraduates
alumnus/alumni applicants candidates officers officials soldiers veterans troops voters citizens consumers clients passengers
travelers travellers drivers riders owners homeowners holders cardholders card-holders policyholders account-holders shareholders
stockholders investors donors taxpayers ratepayers players gamers shoppers buyers sellers visitors adults minors kids
teens teenagers boys girls parents mothers fathers families doctors physicians nurses clinicians lawyers attorneys judges
hackers attackers criminals cybercriminals thieves fraudsters scammers suspects defendants plaintiffs claimants prisoners
inmates journalists reporters activists researchers scientists developers engineers programmers coders administrators admins
executives managers directors agents contractors subcontractors participants respondents borrowers tenants beneficiaries
enrollees recipients retirees pensioners traders fans followers friends viewers listeners readers jurors generals
associates relatives immigrants migrants refugees americans britons canadians australians europeans germans indians
californians texans floridians israelis russians chinese/chinese ukrainians conspirators co-conspirators accomplices
dependents dependants spouses seniors volunteers interns recruits jobseekers job-seekers freelancers
attendees delegates pilots cadets sailors marines spies operatives commuters motorists renters daters singles
adulterers cheaters athletes runners cyclists artists musicians celebrities politicians lawmakers senators legislators
diplomats ministers bankers brokers dealers analysts experts consultants auditors investigators detectives speakers
freshmen/freshmen policeman/policemen fisherman/fishermen serviceman/servicemen souls witnesses
survivors heirs trustees signatories petitioners complainants contacts/contacts strangers humans somebodies folks
newborns infants babies diabetics sufferers insureds payees payers creditors debtors depositors savers accountholders
cashiers clerks waiters cleaners guards inspectors technicians supervisors crew/crew crewmembers servicemembers
constituents registrants leaders entrepreneurs backers organizers organisers founders ticketholders signups sign-ups testers moderators bloggers influencers creators streamers
 believers worshippers parishioners congregants clergy/clergy priests realtors landlords`},
	{Accounts, "accounts profiles mailboxes inboxes registrations memberships logons"},
	{Records, "records rows entries lines record-sets"},
	{Emails, "emails e-mails mails"},
	{Passwords, "passwords hashes credentials logins log-ins passcodes passphrases password-hashes"},
	{SSN, "ssns"},
	{Cards, "cards"},
	{Files, `files documents images photos photographs pictures pics videos clips recordings scans pdfs spreadsheets memos
presentations attachments screenshots audiofiles selfies mugshots`},
	{Devices, `devices computers servers machines laptops desktops notebooks phones smartphones cellphones handsets tablets routers
modems cameras webcams systems endpoints terminals pcs macs hosts workstations drives atms printers switches firewalls iphones
ipads androids gadgets thermostats televisions tvs sensors meters cars vehicles bots nodes appliances consoles registers
instances kiosks pumps cash-registers chromebooks toys watches wearables pacemakers`},
	{Sites, `sites websites web-sites webpages stores hotels branches forums locations restaurants shops offices properties cafes
cafés casinos outlets domains subdomains resorts supermarkets storefronts warehouses plants factories centers centres facilities
campuses stations showrooms salons theaters theatres eateries diners pubs bars inns motels malls boutiques franchises
blogs portals communities marketplaces subreddits venues gyms garages dispensaries parks clubs`},
	{Companies, `companies firms organizations organisations businesses agencies hospitals clinics schools universities colleges banks
vendors merchants retailers providers institutions enterprises corporations entities departments suppliers airlines carriers
insurers manufacturers utilities charities nonprofits non-profits practices districts startups start-ups publishers operators
subsidiaries affiliates brands bureaus bureaux ministries governments municipalities councils employers
unions distributors dealerships pharmacies laboratories labs associations foundations chains telcos telecoms
consultancies partnerships conglomerates multinationals smes msps isps libraries churches courts newspapers broadcasters
 lenders processors wholesalers makers outfits studios partners trusts
regulators embassies consulates breweries refineries producers exporters importers`},
	{Breaches, `breaches attacks incidents leaks intrusions hacks compromises break-ins cyberattacks cyber-attacks exposures heists
raids thefts infections cyberincidents hackings`},
	{Other, `countries states cities towns counties provinces nations continents databases names dates counts charges
licenses licences passports complaints lawsuits suits cases vulnerabilities flaws bugs patches updates apps applications games products
items messages texts tweets posts comments pages calls letters papers books orders transactions purchases
payments shares stocks points votes questions answers ids identifiers usernames keys tokens certificates
tests samples strains variants languages regions zones floors rooms beds doses categories types kinds ways reasons things
steps factors features reports articles studies surveys pieces parts times prescriptions claims miles kilometers kilometres
 feet inches acres tons tonnes kilograms kilos liters litres gallons barrels degrees watts volts
words characters digits folders routes flights trips rides bookings reservations wallets
coins units packages parcels boxes containers buckets trackers skimmers chapters volumes errors crashes alerts requests
queries packets visits downloads installs installations clicks views impressions conversations chats
threads matches seats jobs roles positions lives deaths injuries arrests convictions weapons guns bombs missiles ships
aircraft/aircraft planes trains buses trucks houses apartments buildings blocks villages neighborhoods
 quarters semesters offers deals contracts trademarks patents codes modules plugins plug-ins
extensions gangs teams crews groups tools exploits payloads viruses worms trojans
transcripts tapes cds dvds disks discs tickets coupons vouchers centimeters centimetres millimeters
 offenses offences felonies misdemeanors crimes rules regulations laws requirements controls standards
headers layers powers markers filters counters triggers buffers handlers lockers stickers posters banners browsers
controllers adapters chargers towers flyers newsletters disasters clusters matters characters covers containers quarters answers offers
problems issues mistakes failures threats risks campaigns operations events parameters`},
}

// vagueNouns count as what the words beside them say: card numbers are cards.
const vagueNouns = `numbers addresses details combinations combos pairs sets datasets dumps lists strings
pieces copies batches fields codes`

var hintLists = []struct{ unit, words string }{
	{Cards, "card cards credit debit payment"},
	{Emails, "email emails e-mail mail gmail yahoo-mail"},
	{Passwords, "password passwords login logins log-in credential credentials hash hashed"},
	{SSN, "security"},
	{Accounts, "account"},
}
