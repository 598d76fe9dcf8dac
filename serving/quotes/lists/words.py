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
    teknisi psikoterapis pesulap komedian pelawak presenter youtuber selebgram influencer kordinator pedagang kakak adik paman
    bibi kerabat tetangga rekan kolega sahabat kanit kasatreskrim junior petani nelayan sopir pengemudi
    kades paur kalaksa sekwan
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
