//! JSON pointers (RFC 6901): the names in them, and how these are written there.
//!
//! Does not belong here: what somebody may point at, which is for those to say who ask.

/// A name as it stands in a pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that stands in a pointer like this.
pub(crate) fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// The names in a pointer, from the outermost; it is empty or begins with a slash.
pub(crate) fn names(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(unescape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_from_a_pointer() {
        assert_eq!(escape("a/b~1"), "a~1b~01");
        assert!(names("/a~1b~01/0//c").eq(["a/b~1", "0", "", "c"]));
        assert_eq!(names("").count(), 0);
    }
}
