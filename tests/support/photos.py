"""Real photos of sixteen by sixteen pixels, made by common programs: camera name, GPS position and orientation 6."""

from __future__ import annotations

import base64
import struct
import zlib

SECRET = b"SecretCam"
GPS = struct.pack(">HHI", 0x8825, 4, 1), struct.pack("<HHI", 0x8825, 4, 1)
"""The entry that points at a position, in both byte orders."""


def _read(text: str) -> bytes:
    return zlib.decompress(base64.b85decode("".join(text.split())))


JPEG = _read(
    """
    c-s4a<NpH&0WUXCHwH#V1_nkTWcdG(VUlY_W*P&7uP=iZ0|NsG12ZE(0~3(N1;j>-
    LJZ6dAhm1^3>~TrEMPVRgAEWf1g9n!rIt7+<}v`)FoN|k`GF*u7+4t?!1~e{WWnOxKwQTF0me`><e)SUh&D1XGP5!;1R}7T^fO9I3as??^NR
    HnQ}UBi^^)^*^(zt!^bPe4^cid_?BI6W=vUbNf5af^>FgXI5ajRX>EjCYU7|ukQGQxxPU`=E4BT+F|8FxmGe`@Gh>HkHi;IcN$w(_`IB9FBs
    %ivU*%~+{gr=s%hsH){Rm^P6Dx6Rp9oxFKZNj|8tJkhhZ`gBk*Rta?SFBzFGK5h^PEJEv!%th=Z%JNk-
    V&0*{{swy91H>s0?dp`3`~NI%z}*nk1)ss1A>(i44`4fz{teR!pg?Z!O6u9RIpWmfr*isnTds&m6Zh;7mT$)c?K3iRv|@0M>gTWM0TY@5u?V
    53ptdXHXalWy7)oGIH{<KlS@ooLQ+aqO<hA%%f!^o+``hz*~Qh(-
    NVx>I3zSIJR&kGIVCkMJtH%#xTLhKyrQzIxuvzOy`!^h(&Q;qr%j(RbJn88OO`HMzGCI7O`ErD-
    L`$l&RvHNA31vL_=%IJE?vHI_1g6tH*Y<B^!UlsXU|`}eD(3u=PzHsegE<E7sy|Xz(fTDSp6jk^cNEg3o{El$X|?1<sb!uEUb!#Y(kEK?1_c
    KN=A(wB2E(*Zam1TY#j7KG^yw!mzavlL)DKUuYr9=oX48T@)_J?2!GvT;9&-)dO>DE2787xzuC9SCwyBs`;FX{+U8pg_Wy4J0EuiW!v
    """
)

PROGRESSIVE = _read(
    """
    c-s4a<NpH&0WUXCHwH#V1_nkTWcdG(VUlY_W*P&7uP=iZ0|NsG12ZE(0~3(N1;j>-
    LJZ6dAhm1^3>~TrEMPVRgAEWf1g9n!rIt7+<}v`)FoN|k`GF*u7+4t?!1~e{WWnOxKwQTF0me`><e)SUh&D1XGP5!;1R|iDZZkMDNDGOGiwH
    `Ki;2t0NGoVKX=|veY6M!@8aO3{rl!P)#ztpV%xugmoKPGc+q$)F!o0<+*RD=)*mH8%vg0#XtX={#gi%ILPD5G4Pg~n>NnUK;5|Y9HLkxl(3
    <3-
    S%#2D5OoEKef{g!<Fo*$zkC6cdu&@HfMbJfoUb)4<!wd`>0cHW9C#Np62PzX4z)&XyRL21nWn^V)QRD|1C5X)^4n}51MtjD3JPMfL3Ixy<C_
    pV?vuBdWtANp7Q6A=Sa4ZUZCg3CiLQVoJz~b>jxRnA^mg@h%2>=&Mh8+
    """
)

PNG = _read(
    """
    c-
    rd>@N?(olHy`uVBq!ia0vp^0wB!61SBU+%rFCSN?apK97{_w@{1UPQ<IBQOPmvP6{P3p0p;W~Ln2Bde0{8v^K<nQQ}UBi^(t};7(f87lxaGH
    Dv-}v;1OBOz@VoL!i*J5?aP3IU8xbCX}-
    P;T0k}j12ZE(1IS{KbBq{;7?^=HBLf=)Lx(B@3z*HoV1r^d15gbkSPzpQNP>xhm4N}QFO5MKEY1zYbqo+-
    3^hXzO7nndBLgEdD+5CyVqj=qUSI(f)An?645^rt{N%xd1O?U&A3lGcyv#8mV1fxR6BE;7DL2yqXXeM>-
    {1GV#K2HAf%QhpgXg<I=6kyOxvX<aXaWG3zC~d
    """
)

WEBP = _read(
    """
    c-
    jl{baVU1z`zjh>J$(bU=hIuWa|JiKNxvBI|pzAd5H=IMfqu&IjIalH3}*~kqL|pa~ZV+7z7wt9comUFfcvq(q~}!_a?OP(#wN)3#2~))wo7@
    x^)3*Utb0-AjQGJ%*fBc1Z06MF=7;AU<T5R3~USx9jXj0U^WAT4G=Q~rzRJrmN+NoG62;ug7q-
    @fh3q1SQ!|=`qCI=!Q$LNT*m+b#!xflpfnGNHZm|WvobIQA_j&C-v9*xkR=s%a4T%|E9?MZfGCs
    """
)

LOSSLESS = _read(
    """
    c-jl{baRVgU|<M$bqWXzu<!{0vi127Ff-
    IUEXj2~zU}w-YF;lU7Kg;8os$?C10phw{&R-B4PD2zLg{uJm)42}O(?{JY-^V<_RJGqmIY*%uuVStte~=n0RV&9B-8
    """
)

HEIC = _read(
    """
    c-
    mc3L2DC16n?W~LTY2HRY6gMITYG@XcB1;rIf{1(L=rT=0&%YUGiWzJ8agndMGIr(US#5P!LMNtKNHR|AGDi@z8oukY0oyl=Z#IBuIyOym{aI
    =6f@51^})G=@Z@ZQ2~tzgF3Gx^a23qT;!)7^hUMS3=_KsjVgr`;|_+g5m|CUg5Z@i)AKaO!7<2#0rHwyjQkoPXUSF(+kuHVdyxX)Y$Q%=P1W
    H)P_X3f3=Ms107||_<b$Vmh{{VbZciu8;6@gOMt4MG8iCamMbwF=^&x5%lYdNA7KLPJ%aAHZ@aOOGF~F#NL_03IqAc>936dF-XJyxMJxWgA6
    5>Q=`}#)V&5w`ozJIH3?{xvnU4}PTiCtV0`<?w4RO7sg!=$akjL<VsBnn)>j`nR|Tx%05^tA1h==(g+KXV)Vo^g#CniiHyC2~WU#3{G)GU}-
    Ro`UYa;mE?~GgijL4{TyYH9LxQgsIVsq>a8rO^+YGIw3v{-@T{0znxdRb03~Qba!@szP+-ya`67;(buiRgBp>Fy|-CjhAE0lAjPOT-
    f6Oi7&8w{T>yAK4yWvu=J^CGzDoRb(Tl(o<~`1R^H-o?KSlu83_eV@ZV!IbYE-N*vv1TIvvajNO%l%*2GaA>*}^}k%ZAD
    """
)

ALL = {"jpg": JPEG, "progressive": PROGRESSIVE, "png": PNG, "webp": WEBP, "lossless": LOSSLESS, "heic": HEIC}
