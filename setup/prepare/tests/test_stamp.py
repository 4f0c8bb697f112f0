"""A folder counts as prepared only once its stamp was written."""

from prepare.stamp import Stamp


def test_interrupted_folder_is_not_complete(tmp_path):
    stamp = Stamp(tmp_path / "folder")
    stamp.begin()
    (stamp.folder / "half").touch()
    assert not stamp.is_current("key")


def test_complete_folder_is_current_for_its_key_alone(tmp_path):
    stamp = Stamp(tmp_path / "folder")
    stamp.begin()
    stamp.complete("key")
    assert stamp.is_current("key")
    assert not stamp.is_current("other key")


def test_beginning_again_empties_the_folder(tmp_path):
    stamp = Stamp(tmp_path / "folder")
    stamp.begin()
    (stamp.folder / "old").touch()
    stamp.complete("key")
    stamp.begin()
    assert list(stamp.folder.iterdir()) == []
