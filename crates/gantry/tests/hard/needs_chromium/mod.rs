//! The example page in a real browser, against `gantry dev`: what people see, in their own language, from another origin.

mod by_mail;
mod chromium;
mod life;
mod lines;
mod mail;
mod origins;
mod passkeys;
mod stage;
mod tongues;

use chromium::Chromium;
use stage::Stage;
