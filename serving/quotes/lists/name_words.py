"""The words that tell where a name begins and ends: fields, ranks, places and institutions, and names known by others."""

from __future__ import annotations

import re

from sorot.serving.quotes.lists.words import INSTITUTIONS, ROLES


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# 'Perekonomian', 'Keselamatan', 'Pembatasan': nouns by their form, and short names of ministries and offices.
NOUN = re.compile(r"(?:ke|pe|per|pem|pen|peng)\w{4,}an|kemen\w+|menko\w*|kapus\w+|ditjen\w*|dit(?:res|lan)\w+|\w{4,}nya")
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
# Words of the list above that are parts of names as well: what must stand before or after for them to be none.
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
