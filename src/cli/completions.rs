//! `qrseal completions` and `qrseal man`: what shells and `man` read about this program.

use std::io::Write as _;
use std::process::ExitCode;

use clap::ValueEnum;

use super::Failure;

/// Print what makes a shell complete this program's commands and options.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal completions bash > ~/.local/share/bash-completion/completions/qrseal\n  \
                  qrseal completions fish > ~/.config/fish/completions/qrseal.fish\n  \
                  qrseal completions zsh > ~/.zfunc/_qrseal    with ~/.zfunc in fpath"
)]
pub struct CompletionsArguments {
    /// The shell.
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Print the manual page of this program or of one of its commands.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qrseal man > /usr/local/share/man/man1/qrseal.1\n  \
                  qrseal man keys promote | man -l -"
)]
pub struct ManArguments {
    /// The command, such as `seal` or `keys promote`; the program itself if none is given.
    command: Vec<String>,
}

pub fn completions(
    program: &mut clap::Command,
    arguments: &CompletionsArguments,
) -> Result<ExitCode, Failure> {
    let shell = match arguments.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    // Not straight to standard output: the generator panics where nobody reads it to the end.
    let mut script = Vec::new();
    clap_complete::generate(shell, program, "qrseal", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

pub fn man(program: &mut clap::Command, arguments: &ManArguments) -> Result<ExitCode, Failure> {
    program.build();
    let mut command = &*program;
    for name in &arguments.command {
        command = command
            .find_subcommand(name)
            .ok_or_else(|| format!("there is no command {}", arguments.command.join(" ")))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    std::io::stdout().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
