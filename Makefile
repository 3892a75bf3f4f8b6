# All commands for newcomers. Each target is a script in deploy/local, which explains it.
.DEFAULT_GOAL := help
SCRIPTS := deploy/local

.PHONY: help demo seed up down reset status logs test chaos judge-openapi judge-sdks judge-stripe judge-tour judge-browser screenshots \
	bench doctor packages build routes settings services format lint

help: ## Shows this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: ## Starts the stack and plays one whole deal, from posting to payout
	@$(SCRIPTS)/demo

seed: ## Starts the stack and fills it with fifty people, two hundred gigs and deals in every state
	@$(SCRIPTS)/seed

up: ## Installs what is missing, builds, starts everything and waits until it is ready
	@$(SCRIPTS)/up

down: ## Stops everything, data kept
	@$(SCRIPTS)/down

reset: ## Stops everything and deletes the data
	@$(SCRIPTS)/reset

status: ## Shows what runs and whether it is ready
	@$(SCRIPTS)/status

logs: ## Follows the logs; OF=jobs only that program's
	@$(SCRIPTS)/logs $(OF)

test: ## Sets up and runs every test; ONLY=Jobs one module's, in a minute or less and without a stack
	@$(SCRIPTS)/test $(ONLY)

chaos: ## Kills programs while Stripe fails and money moves; SEEDS=500 schedules, FIRST_SEED=1
	@$(SCRIPTS)/chaos $(or $(SEEDS),20) $(or $(FIRST_SEED),1)

judge-openapi: ## Holds every answer to the OpenAPI document, for longer than the tests do
	@$(SCRIPTS)/judge openapi

judge-sdks: ## Makes libraries of the OpenAPI document in ten languages, and plays a deal with five of them
	@$(SCRIPTS)/judge sdks

judge-stripe: ## Drives the sandbox with Stripe's own library
	@$(SCRIPTS)/judge stripe

judge-tour: ## Runs the tours of the README and of docs/skillsync.md, and the commands of other documents
	@$(SCRIPTS)/judge tour

judge-browser: ## Plays deals in a real browser, and holds the pages to WCAG 2.2 AA
	@$(SCRIPTS)/judge browser

screenshots: ## Takes the pictures in docs/images again, in a browser
	@$(SCRIPTS)/judge screenshots

bench: ## Measures one service against pgbench on the same database
	@bench/run

doctor: ## Says what is missing or unhealthy, and what to do
	@$(SCRIPTS)/doctor

packages: ## Installs the system packages (Debian, Ubuntu); elsewhere says which
	@$(SCRIPTS)/packages

build: packages ## Builds all programs
	@$(SCRIPTS)/build

routes: build ## Prints the gateway's routes from the endpoint declarations into deploy/nginx/routes.conf
	@.build/$${GUILDHALL_BUILD:-release}/guildhallctl gateway > deploy/nginx/routes.conf.new && mv deploy/nginx/routes.conf.new deploy/nginx/routes.conf

settings: build ## Prints docs/configuration.md from the declarations of the settings
	@.build/$${GUILDHALL_BUILD:-release}/guildhallctl settings > docs/configuration.md.new && mv docs/configuration.md.new docs/configuration.md

services: build ## Prints what follows from the list of services into Compose's files, nginx's, the scripts' and the README
	@.build/$${GUILDHALL_BUILD:-release}/guildhallctl services

format: ## Formats every Swift file
	@$(SCRIPTS)/format

lint: ## Swift's formatter, shellcheck, and the length of files
	@$(SCRIPTS)/lint
