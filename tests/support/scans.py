"""Real files as scanners and offices make them, with a patient in them."""

from __future__ import annotations

import io
import random

import pikepdf
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

NAME = "Whitcombe^Sarah"
NUMBER = "943 476 5919"
BORN = "19870304"
SECRETS = (b"Whitcombe", b"Sarah", b"943 476 5919", b"19870304", b"OLD-77812")


def dicom(*, named: bool = True, pixels: int = 200_000, seed: int = 3) -> bytes:
    """One CT slice; the patient stands in plain fields, in a nested one and in one of the maker's own."""
    said = Dataset()
    said.SOPClassUID, said.SOPInstanceUID, said.Modality = CTImageStorage, "1.2.826.0.1.943476.5919", "CT"
    said.PatientName, said.PatientID, said.PatientBirthDate = (NAME, NUMBER, BORN) if named else ("", "Anonymous", "")
    if named:
        other = Dataset()
        other.PatientID = "OLD-77812"
        said.OtherPatientIDsSequence = Sequence([other])
        maker = said.private_block(0x0009, "ACME SCANS", create=True)
        maker.add_new(0x01, "LO", f"study of {NAME}")
        inner = Dataset()
        inner.PatientName = NAME
        inner.StudyDescription = "lower jaw"
        said.RequestAttributesSequence = Sequence([inner])
    said.StudyDescription, said.Rows, said.Columns = "lower jaw", 100, 100
    said.BitsAllocated = said.BitsStored = 16
    said.PixelData = random.Random(seed).randbytes(pixels)
    said["PixelData"].VR = "OW"
    about = FileMetaDataset()
    about.TransferSyntaxUID = ExplicitVRLittleEndian
    about.MediaStorageSOPClassUID, about.MediaStorageSOPInstanceUID = CTImageStorage, said.SOPInstanceUID
    said.file_meta, said.preamble = about, b"\0" * 128
    out = io.BytesIO()
    pydicom.dcmwrite(out, said, enforce_file_format=True)
    return out.getvalue()


def letter(title: str = "", author: str = "", *, xmp: bool = False, password: str = "") -> bytes:
    """A one-page PDF with properties."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        if title:
            pdf.docinfo["/Title"] = title
        if author:
            pdf.docinfo["/Author"] = author
        pdf.docinfo["/Producer"] = "Office"
        if xmp:
            with pdf.open_metadata() as about:
                about["dc:title"] = title
                about["dc:creator"] = [author]
        if password:
            pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password))
        else:
            pdf.save(out)
    return out.getvalue()
