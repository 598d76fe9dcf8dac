"""The words that the rules look for: verbs of saying, pronouns, roles, titles of courtesy, names of kinds of institution."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Bare verbs that attribute a quote before or after them: '"...," ujar Budi', 'Warga, kata dia, resah'.
SAY = _words(
    """
    kata ujar tutur ucap jelas ungkap tegas imbuh tambah lanjut terang papar beber tandas pungkas cetus sebut imbau urai
    timpal sambung tanya jawab tulis cuit klaim pinta harap sindir kilah aku singkat nilai sesal tukas keluh kenang kisah
    cerita canda seru tutup celetuk tampik bantah ajak simpul rinci lapor saran puji ketus gumam pesan janji kecam dalih
    tuding ingat pungkasnya urainya terangnya bebernya tandasnya demikian begitu berkata bertutur berujar ngaku katanya
    """
)
# Of these, the ones that attribute in mid-sentence, between commas; the others are everyday words there.
SAY_INSIDE = _words(
    "kata ujar tutur ucap ungkap imbuh lanjut tegas jelas papar terang sebut tambah beber tandas cetus dikatakan sambung tulis"
    " klaim"
)

# Active verbs that take reported content: 'Budi mengatakan (bahwa) ...'.
REPORT = _words(
    """
    mengatakan menyatakan menyebut menyebutkan menilai menjelaskan menegaskan mengungkapkan mengungkap menambahkan menuturkan
    mengaku mengakui menyampaikan memastikan menekankan meyakini berpendapat menduga memperkirakan memprediksi mengklaim
    mengeklaim membantah menampik menuding menuduh melanjutkan memaparkan membeberkan mencontohkan mengumumkan melaporkan
    bercerita menceritakan mengisahkan menganggap menyayangkan menyesalkan mengapresiasi mengkritik mengeluhkan
    mengkhawatirkan menyangkal mencatat berujar berkata bertutur mengindikasikan meyakinkan memandang menyadari menerangkan
    mengemukakan mengutarakan membenarkan mengonfirmasi mengkonfirmasi menyimpulkan merinci menguraikan membela berdalih
    beralasan berargumen menjamin menandaskan mencuitkan berseloroh mengidentifikasi mempermasalahkan mempertanyakan mengeluh
    mengklarifikasi menjabarkan memaklumi menolak mengecam mengutuk memprotes menyoroti menyindir memuji menggarisbawahi
    meramalkan memproyeksikan menyangsikan meragukan memberitakan mewartakan optimistis optimis yakin percaya khawatir
    beranggapan menafsirkan menjawab menulis mengisyaratkan memberitahu memberitahukan menginformasikan megatakan
    mendeklarasikan mengenang menyebut-nyebut
    """
)
# Verbs that ask, promise or warn: 'meminta agar ...', 'berjanji akan ...'.
DEMAND = _words(
    """
    meminta mendesak mengimbau menghimbau mengingatkan menyarankan menyerukan mendorong mengajak berjanji memerintahkan
    menuntut berharap mengharapkan mengusulkan merekomendasikan memperingatkan mewanti-wanti menginginkan berkomitmen
    menginstruksikan menargetkan menyilakan mempersilakan memohon berpesan menganjurkan meminta-minta bersumpah
    """
)
# Verbs and phrases that report only before a connective: 'memastikan bahwa', 'khawatir jika'.
CONNECTIVES = _words("bahwa bahwasanya bahwasannya jika kalau agar supaya bila apabila")
ACCORDING = _words("menurut menurutnya")
JUDGED = _words("dinilai dianggap")
PASSIVE = JUDGED | _words("disebut diharapkan diminta disebutkan dikatakan dinyatakan diimbau dituding diduga dituduh diklaim")
# Nouns of saying: 'kabar bahwa ...', 'dengan alasan bahwa ...'.
SAYING = _words(
    """
    kabar informasi pernyataan pendapat tudingan tuduhan alasan pandangan klaim laporan penilaian anggapan keyakinan
    kekhawatiran penegasan pengakuan harapan imbauan seruan rumor isu kesimpulan dugaan kritik penjelasan
    """
)
# Media and documents that are cited: 'Mengutip Reuters, ...'.
CITING = _words("mengutip dikutip dilansir melansir dilaporkan menukil dinukil diberitakan diwartakan")
WRITTEN = _words("berbunyi bertuliskan tertulis menuliskan menulis bunyi tulisan isinya meneriakkan berteriak")

PRONOUNS = _words("dia ia beliau mereka dirinya")
DEMONSTRATIVES = _words("itu ini tersebut")

# Words between subject and verb, and at the beginning of a sentence before its subject.
ADVERBS = _words(
    """
    juga pun lalu lantas kemudian telah sudah sekaligus sebelumnya kembali hanya sempat turut ikut terus tetap masih justru
    bahkan sendiri akhirnya lagi pernah selalu langsung secara tegas jelas malah sangat cukup tak tidak belum akan dapat bisa
    hendak sama-sama kerap sering terlebih jelas-jelas sembari sambil seraya dengan dan serta mulai mengaku berkali-kali juga,
    semakin kian berulang kali cuma memang sontak tengah sedang pula
    """
)
OPENERS = _words(
    """
    namun tetapi tapi oleh karena itu selain sementara sedangkan kemudian lalu lebih lanjut selanjutnya meski meskipun
    demikian begitu kendati walau sebab pasalnya artinya bahkan sebelumnya kini saat sebaliknya adapun karenanya maka sehingga
    jadi terlebih apalagi padahal hingga di sisi lain pihak atas hal tersebut ini dan untuk lagipula akhirnya terakhir
    """
)
# Words that end the phrase that names a speaker.
STOPS = _words(
    """
    di kepada saat dalam usai seusai ketika pada sambil seperti sebagaimana yang soal terkait melalui lewat dikutip dilansir
    menanggapi mengutip sembari seraya tentang merujuk menjelang senin selasa rabu kamis jumat sabtu minggu jum'at setelah
    sebelum dengan menjawab oleh untuk mengenai menambahkan lagi kemudian dihubungi ditemui kemarin tadi lalu sebelumnya
    usainya hari malam siang sore pagi bahwa selepas sesaat sekaligus selaku sebagai via baru ke sesuai tersebut itu ini waktu
    sejak mengomentari karena akan adalah ialah memberi memberikan menyampaikan saja pekan merespons merespon menyikapi
    """
)

# Roles: the first word of a phrase that stands before a person's name or for the person.
ROLES = _words(
    """
    presiden wapres wakil menteri menko menkominfo menkomdigi mendagri menkumham menkopolhukam menhan menkeu menlu mendikbud
    mensos menag menhub menaker menristek menristekdikti menpora mentan mendag menperin menkes menpan sesmenko sekretaris
    ketua kepala direktur dirjen dirut direktorat deputi juru jubir bicara kapolri kapolda kapolres kapolsek kabid kabag karo
    karopenmas kadiv kadivhumas kasat kasubdit panglima pangdam danrem dandim komandan jaksa hakim gubernur wagub bupati wabup
    walikota wali camat lurah anggota komisioner pengamat analis pakar ahli peneliti dosen guru rektor dekan profesor sosiolog
    psikolog ekonom aktivis pengacara kuasa advokat politisi politikus legislator mantan eks bekas calon capres
    cawapres ceo chief executive officer managing director manager manajer general head president country founder co-founder
    pendiri pemilik penulis penyanyi aktor aktris artis sutradara produser pemain pelatih kapten gelandang striker penyerang
    bek kiper wartawan jurnalis redaktur pemimpin direksi komisaris staf stafsus asisten plt pjs pj pelaksana koordinator
    perwakilan representatif warga saksi korban tersangka terdakwa pelaku pria wanita perempuan lelaki pemuda seorang salah
    satu mahasiswa siswa pelajar ustaz ustadz kiai kyai uskup paus pendeta perdana duta dubes konsul utusan pejabat petinggi
    petugas polisi tentara jenderal laksamana marsekal juragan pengusaha pengelola penyelenggara inspektur kabareskrim
    wakapolri wakapolda kasubbag kabaharkam kasad kasal kasau kejari kajari kajati kasi senator kanselir kapuspenkum kapuspen
    kapendam kadispenad kadispenal kadispenau kasetpres kastaf kasatgas wakajati wakasat sekum sekjen waketum ketum bendahara
    penasihat menteri-menteri relawan bos bankir senior vp avp dirlantas direskrimum direskrimsus dirreskrimum komisionernya
    presdir wakilnya kadis kadishub kadinkes sekda kabiro kasie gubernurnya editor editornya wamen wamenkominfo wamenlu ibu
    bapak orang bocah anak istri suami ayah dokter spesialis penyuluh tokoh budayawan sejarawan arkeolog astronom ilmuwan
    teknisi psikoterapis pesulap komedian pelawak presenter youtuber selebgram influencer kordinator kades paur kalaksa sekwan pedagang kakak adik paman
    bibi kerabat tetangga rekan kolega sahabat kanit kasatreskrim junior petani nelayan sopir pengemudi
    """
)
# Of these, the ones that name many people: alone they are nobody in particular.
PLURAL_ROLES = _words(
    """
    warga saksi korban polisi petugas tentara pedagang pengemudi sopir petani nelayan mahasiswa siswa pelajar aktivis pejabat
    anggota orang perwakilan pengusaha pengelola penyelenggara wartawan jurnalis peneliti pakar ahli pengamat analis ilmuwan
    tersangka pelaku seorang salah satu relawan kuasa petinggi tokoh juru bicara calon wakil mantan eks bekas
    """
)
# Titles of courtesy, degrees and ranks, which are no part of a name.
HONORIFICS = _words(
    """
    pak bu bapak ibu dr drs dra ir prof kh h hj hh mr mrs ms sir tn ny sdr sdri ustaz ustadz ust kiai kyai habib gus cak mas
    mbak bang kang letjen mayjen brigjen irjen komjen kombes kompol akbp akp iptu ipda aiptu aipda bripka brigadir briptu
    bripda jenderal jend kolonel letkol mayor kapten kapt lettu letda sersan kopral laksamana laksma laksda laksdya marsekal
    marsda marsma marsdya pol tni purn inf komisaris besar inspektur ajun letnan dokter profesor doktor hajjah haji advokat
    ustad
    """
)
# What the name of an institution begins with.
INSTITUTIONS = _words(
    """
    kementerian departemen komnas lsm badan komisi dewan lembaga majelis partai fraksi universitas institut sekolah bank pt cv
    perum polda polres polsek polri tni kepolisian kejaksaan pengadilan mahkamah pemerintah pemprov pemkot pemkab pemda dinas
    direktorat ditjen asosiasi persatuan perhimpunan ikatan forum aliansi koalisi gerakan front himpunan serikat organisasi
    yayasan pusat otoritas satuan satgas densus tim kantor biro divisi humas kelompok federasi konfederasi kamar masyarakat
    museum rumah stasiun harian majalah koran surat radio televisi situs laman media akun perutusan kedutaan kedubes parlemen
    senat kongres uni liga pasukan relawan panitia panwaslu kpu bawaslu dpr dprd mpr dpd pbnu muhammadiyah mabes istana gereja
    """
)
# Capitalised words that are no part of a person's name: fields of institutions, ranks and places.
NO_NAMES = (
    ROLES
    | INSTITUTIONS
    | _words(
        """
        republik indonesia ri as pbb nasional negara negeri luar dalam hukum dan ham hak asasi manusia keuangan komunikasi
        informatika digital perdagangan perindustrian perhubungan pertahanan keamanan politik sosial agama pendidikan
        kebudayaan riset teknologi tinggi kesehatan pertanian kelautan perikanan kehutanan lingkungan hidup pariwisata ekonomi
        kreatif koperasi usaha mikro kecil menengah umkm bumn badan bidang urusan umum khusus utama harian pusat daerah
        wilayah provinsi kabupaten kota kecamatan kelurahan desa jawa barat timur tengah selatan utara sumatera sumatra
        kalimantan sulawesi papua bali aceh jakarta bogor depok tangerang bekasi bandung semarang surabaya medan makassar
        palembang yogyakarta jogja diy dki solo malang riau pekanbaru banten lampung jambi bengkulu maluku nusa tenggara
        kepulauan raya metro polda penerangan masyarakat humas media massa publik hubungan internasional antar lembaga
        penindakan pencegahan korupsi terorisme penanggulangan pemberantasan antiteror densus reserse kriminal intelijen siber
        cyber crime perlindungan konsumen anak perempuan pemberdayaan penyiaran pers film sensor sertifikasi informasi
        komputer elektronik aplikasi telekomunikasi pos penyelenggaraan pengendalian pengawasan pengawas pembinaan
        pengembangan pengkajian penerapan penelitian kebijakan fiskal pajak bea cukai anggaran statistik perencanaan
        pembangunan tata ruang pertanahan agraria energi sumber daya mineral minyak gas bumi pekerjaan rakyat perumahan
        ketenagakerjaan tenaga kerja transmigrasi angkatan darat laut udara komando militer perkara tindak pidana terpadu
        konstitusi agung yudisial advokat golkar pdip pdi-p pks pkb ppp pan nasdem demokrat gerindra hanura perindo psi
        berkarya garuda perjuangan sejahtera keadilan kebangkitan bangsa amanat persatuan ulama besar nahdlatul muhammadiyah
        mui pbnu nu ypkp eksekutif legislatif yudikatif fungsional ahli muda madya tim satgas divisi subdit ditreskrimsus
        bareskrim mabes polri tni tetap permanen misi dewan asing perdana kabinet maju pemerintahan istana sekretariat
        kepresidenan redaksi majalah amerika serikat inggris arab saudi cina china rusia jepang korea australia malaysia
        singapura thailand vietnam filipina india iran irak suriah turki israel palestina afghanistan pakistan jerman prancis
        perancis belanda italia spanyol eropa asia afrika uni dunia global regional anti hoaks fitnah konten keselamatan
        transportasi angkutan jalan perkeretaapian penerbangan sipil kereta api kebakaran sar tsunami geofisika meteorologi
        klimatologi vulkanologi bencana alam darurat hari senin selasa rabu kamis jumat sabtu minggu januari februari maret
        april mei juni juli agustus september oktober november desember islam kristen katolik hindu buddha muslim online
        driver tbk persero inc corp ltd group grup company pengurus cabang ranting pimpinan pleno paripurna rapat sidang
        gedung komplek kompleks manajemen komersial operasional pemasaran penjualan strategi korporat corporate communication
        communications public policy government relations affairs business bisnis marketing sales operations product ekspor
        impor industri jabodetabek strategic tempo kompas bulog kejagung kapuspenkum kemenhub kominfo kemenkominfo joman neger
        bappebti otomotif twitter instagram facebook youtube whatsapp presiden anglikan uskup berjangka komoditi komoditas
        merek indikasi geografis keimigrasian imigrasi jatim jateng jabar jakbar jaksel jakut jaktim jakpus sumut sumbar
        sumsel kalteng kalbar kaltim kalsel kaltara sulsel sulut sulteng sultra ntt ntb babel kepri gorontalo surakarta bantul
        sleman kulonprogo gunungkidul magelang salatiga klaten boyolali sukoharjo karanganyar wonogiri sragen grobogan blora
        rembang pati kudus jepara demak kendal batang pekalongan pemalang tegal brebes banyumas purwokerto cilacap purbalingga
        banjarnegara kebumen purworejo wonosobo temanggung cirebon indramayu majalengka kuningan garut tasikmalaya ciamis
        pangandaran sukabumi cianjur purwakarta karawang subang sumedang cimahi banjar serang cilegon pandeglang lebak tangsel
        gresik sidoarjo mojokerto jombang nganjuk madiun magetan ngawi bojonegoro tuban lamongan bangkalan sampang pamekasan
        sumenep kediri blitar tulungagung trenggalek ponorogo pacitan batu pasuruan probolinggo lumajang jember bondowoso
        situbondo banyuwangi denpasar badung gianyar tabanan mataram kupang pontianak singkawang palangkaraya banjarmasin
        balikpapan samarinda manado palu kendari ambon ternate jayapura sorong manokwari merauke mimika timika padang
        bukittinggi pematangsiantar binjai bandarlampung batam tanjungpinang pangkalpinang aptika ditreskrimum hong kong
        london tokyo beijing seoul washington moskow dubai sydney canberra melbourne new york los angeles laporan kajian
        survei mirae asset research consulting center institute institut foundation university taiwan tiongkok kanada kamboja
        myanmar brunei meksiko brazil brasil argentina chile kolombia venezuela portugal swiss swedia norwegia denmark
        finlandia polandia ukraina rumania yunani austria hungaria irlandia skotlandia wales yaman lebanon yordania kuwait
        qatar emirat libya mesir maroko aljazair tunisia nigeria kenya ethiopia sudan selandia pertamina patra niaga telkom
        telkomsel indosat mandiri sekuritas futures finance astra toyota honda yamaha bandara pasar pangan uang bappenas bpjs
        kadin apindo indef walhi kontras icw lbh jasa marga reformasi jaminan produk produksi olahraga kampung sakit puskesmas
        ponpes pondok pesantren hotel stadion barcelona chelsea arsenal liverpool persija persib persebaya arema united city
        buruh petani nelayan syariah kremlin putih formula operasi marinir korps deli timnas danantara belarusia balai
        atletico madrid logistik asuransi angkasa wisata unair udinese traveloka transjakarta timor sriwijaya shopee sampah
        rutan nakes mensesneg laskar kuala kroasia klungkung juventus jakpro hutama barito advokasi zimbabwe valencia uruguay
        unila toba tesla sumbawa standardisasi smartfren sektor samsat sabang pulogadung pulau piala pekon pemilu pelindo
        pekerja pasifik nusantara mitsubishi mitra mall lapas langkat kaderisasi jasamarga jaringan investasi indragiri
        indihome indie hilirisasi graha gojek grab gapoktan ferrari everton ekosistem edukasi ducati djarum demokrasi dinkes
        budaya bukopin bukalapak tokopedia lazada brighton bola belgia bayern bangladesh buleleng airbus aeronautika
        antar-lembaga kemkominfo komdigi huawei google telegram penasehat rusun fakultas program studi guru sistem tarif
        peraturan undang-undang pasal uu ruu rkuhp kuhp permen perpres
        """
    )
)
# Common nouns that often begin a sentence and are nobody's name.
NOUNS = _words(
    """
    pemeran netizen warganet developer unggahan massa film rekayasa laporan kajian survei studi penelitian advertisement
    sumber pihak publik nama sosok video foto rambut buku lagu rumah mobil motor harga uang kasus polemik acara data hasil
    surat dokumen kabar isu informasi berita artikel media pesan cerita kisah peristiwa insiden kejadian kecelakaan demo aksi
    aturan regulasi kebijakan keputusan langkah upaya rencana program proyek target masalah persoalan alasan kondisi situasi
    demonstrasi rekaman kontrol kesepakatan umat jemaah penonton pelanggan konsumen pembeli penjual driver ojek taksi pengguna
    pemakai peserta penumpang pasien bayi kedua ketiga pertama dua tiga empat lima rata-rata rupiah dolar saham indeks pasar
    jalan bus pesawat kapal gempa banjir hujan asap api mayat jenazah almarhum almarhumah kendaraan profil sinopsis jika
    sekitar kurang lebih total jumlah angka persentase tahun bulan jam tanggal demi saking berkat
    """
)
# Words of the lists above that are parts of names as well: what must stand before or after for them to be none.
NAMES_TOO: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "agung": (_words("mahkamah kejaksaan jaksa hakim"), frozenset()),
    "utama": (_words("direktur komisaris pelatih manajer sekretaris menteri"), frozenset()),
    "jaya": (_words("metro"), frozenset()),
    "perdana": (frozenset(), _words("menteri")),
    "salah": (frozenset(), _words("satu seorang")),
    "hari": (
        frozenset(),
        _words("raya minggu senin selasa rabu kamis jumat sabtu ini itu buruh kemerdekaan pers santri ibu anak jadi ulang"),
    ),
    "hakim": (_words("majelis ketua jaksa wakil anggota"), _words("konstitusi agung ketua anggota tunggal pengadilan")),
    "muslim": (_words("umat warga"), frozenset()),
    "puji": (frozenset(), _words("syukur")),
    "juli": (_words("bulan"), frozenset()),
}
# Relations: 'ajudan Ghani' is not Ghani.
RELATIONS = _words(
    "ajudan perwakilan keluarga pengacara hukum bicara jubir staf istri suami ayah ibu pendukung relawan manajemen kubu tim anak"
)
# Words that begin a sentence in a capital letter and no name.
SENTENCE_WORDS = (
    NOUNS
    | OPENERS
    | ADVERBS
    | PRONOUNS
    | STOPS
    | REPORT
    | DEMAND
    | SAY
    | CONNECTIVES
    | ACCORDING
    | PASSIVE
    | CITING
    | _words(
        """
    menurutnya menurut mengutip dikutip dilansir kami kita saya aku anda kamu kalian semua banyak beberapa sejumlah para
    setiap tiap berdasarkan dari sesuai baca juga kata jadi ada tidak bukan belum jangan bila jika kalau apabila agar supaya
    hal itu ini tersebut terkait soal mengenai tentang maka sebuah suatu apa siapa mengapa kenapa bagaimana kapan dimana mana
    setelah selama sejak sebelum sesudah seusai selain begitulah berikut sekarang nanti besok kemarin tadi mungkin memang
    tentu pasti lagi pula antara bagi demi guna akibat berkat hingga sampai sembari selagi sepanjang seluruh diketahui
    diberitakan dijelaskan dituturkan diungkapkan ditambahkan dilanjutkan disampaikan tak harus mereka
    """
    )
)
# Names by which persons are known who are also called otherwise; both may stand in one article.
KNOWN_AS = {
    "jokowi": "joko widodo",
    "ahok": "basuki tjahaja purnama",
    "btp": "basuki tjahaja purnama",
    "sby": "susilo bambang yudhoyono",
    "ahy": "agus harimurti yudhoyono",
    "jk": "jusuf kalla",
    "bamsoet": "bambang soesatyo",
    "zulhas": "zulkifli hasan",
    "cak imin": "muhaimin iskandar",
    "gus ipul": "saifullah yusuf",
    "gus dur": "abdurrahman wahid",
    "hnw": "hidayat nur wahid",
    "buwas": "budi waseso",
    "bg": "budi gunawan",
    "chief ra": "rudiantara",
    "rk": "ridwan kamil",
    "kang emil": "ridwan kamil",
    "prabowo": "prabowo subianto",
    "gibran": "gibran rakabuming raka",
}
