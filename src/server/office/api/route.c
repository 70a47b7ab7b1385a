/* route.c - see route.h. The table is in the order people would look for things. */
#include "server/office/api/route.h"

#include "server/office/api/handlers.h"
#include "wire/answer_file.h"

enum { KB = 1024 };

const char *const port_names[PORT_COUNT] = { "user", "machine", "courier" };

const struct route routes[] = {
        /* method     path                                port          who           owner      journal                  body      query               */
        { METHOD_GET,  "/sign-in",                         PORT_USER,    AUTH_NONE,    "none",    "READ",                  0,        "next lang",         page_sign_in },
        { METHOD_POST, "/sign-in",                         PORT_USER,    AUTH_NONE,    "none",    "session.opened",        4 * KB,   "",                  act_sign_in },
        { METHOD_GET,  "/sign-in/code",                    PORT_USER,    AUTH_HALF,    "self",    "READ",                  0,        "next",              page_code },
        { METHOD_POST, "/sign-in/code",                    PORT_USER,    AUTH_HALF,    "self",    "session.opened",        4 * KB,   "",                  act_code },
        { METHOD_GET,  "/sign-in/password",                PORT_USER,    AUTH_HALF,    "self",    "READ",                  0,        "next",              page_choose },
        { METHOD_POST, "/sign-in/password",                PORT_USER,    AUTH_HALF,    "self",    "credential.changed",    8 * KB,   "",                  act_choose },
        { METHOD_GET,  "/sign-in/totp",                    PORT_USER,    AUTH_HALF,    "self",    "READ",                  0,        "next",              page_enrol },
        { METHOD_POST, "/sign-in/totp",                    PORT_USER,    AUTH_HALF,    "self",    "credential.enrolled",   4 * KB,   "",                  act_enrol_totp },
        { METHOD_GET,  "/sign-in/totp.svg",                PORT_USER,    AUTH_HALF,    "self",    "READ",                  0,        "",                  get_totp_picture },
        { METHOD_POST, "/sign-out",                        PORT_USER,    AUTH_SESSION, "self",    "LOCAL",                 1 * KB,   "",                  act_sign_out },
        { METHOD_GET,  "/decide/{}",                       PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  page_decide },
        { METHOD_POST, "/decide/{}",                       PORT_USER,    AUTH_SESSION, "step",    "application.decided",   32 * KB,  "",                  act_decide_page },
        { METHOD_GET,  "/api/v1/session",                  PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_session },
        { METHOD_GET,  "/api/v1/home",                     PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_home },
        { METHOD_GET,  "/api/v1/inbox",                    PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_inbox },
        { METHOD_GET,  "/api/v1/may-use",                  PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "q",                 get_may_use },
        { METHOD_GET,  "/api/v1/overview",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_overview },
        { METHOD_POST, "/api/v1/password",                 PORT_USER,    AUTH_SESSION, "self",    "credential.changed",    16 * KB,  "",                  change_password },
        { METHOD_GET,  "/api/v1/resets",                   PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  list_resets },
        { METHOD_POST, "/api/v1/resets",                   PORT_USER,    AUTH_KEEPER,  "none",    "credential.reset-asked", 16 * KB, "",                  ask_reset },
        { METHOD_POST, "/api/v1/resets/{}/confirm",        PORT_USER,    AUTH_KEEPER,  "none",    "credential.reset-confirmed", 1 * KB, "",               confirm_reset },
        { METHOD_POST, "/api/v1/resets/{}/end",            PORT_USER,    AUTH_KEEPER,  "none",    "credential.reset-ended", 1 * KB,  "",                  end_reset },
        { METHOD_GET,  "/api/v1/pack",                     PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "",                  get_pack },
        { METHOD_GET,  "/api/v1/pack/coverage",            PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_coverage },
        { METHOD_GET,  "/api/v1/pack/sheets/{}",           PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  get_sheet },
        { METHOD_POST, "/api/v1/pack/sheets/{}/csv",       PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  2048 * KB, "",                 read_sheet },
        { METHOD_POST, "/api/v1/pack/sheets/{}/check",     PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  2048 * KB, "",                 check_sheet },
        { METHOD_GET,  "/api/v1/setup",                    PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  get_setup },
        { METHOD_POST, "/api/v1/setup",                    PORT_USER,    AUTH_KEEPER,  "none",    "rules.drafted",         16 * KB,  "",                  post_setup },
        { METHOD_GET,  "/api/v1/pack/rules",               PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_rules },
        { METHOD_POST, "/api/v1/pack/drafts",              PORT_USER,    AUTH_KEEPER,  "none",    "rules.drafted",         4 * KB,   "",                  start_draft },
        { METHOD_GET,  "/api/v1/pack/drafts/{}",           PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_draft },
        { METHOD_GET,  "/api/v1/pack/drafts/{}/record",    PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "where",             get_draft_record },
        { METHOD_POST, "/api/v1/pack/drafts/{}/edit",      PORT_USER,    AUTH_KEEPER,  "none",    "rules.drafted",         64 * KB,  "",                  edit_draft },
        { METHOD_POST, "/api/v1/pack/drafts/{}/sheet",     PORT_USER,    AUTH_KEEPER,  "none",    "rules.drafted",         2048 * KB, "",                 put_draft_sheet },
        { METHOD_POST, "/api/v1/pack/drafts/{}/file",      PORT_USER,    AUTH_KEEPER,  "none",    "rules.drafted",         512 * KB, "",                  put_draft_file },
        { METHOD_POST, "/api/v1/pack/drafts/{}/people",    PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  1 * KB,   "",                  check_draft_people },
        { METHOD_POST, "/api/v1/pack/drafts/{}/propose",   PORT_USER,    AUTH_KEEPER,  "none",    "rules.proposed",        1 * KB,   "",                  propose_draft },
        { METHOD_POST, "/api/v1/pack/drafts/{}/drop",      PORT_USER,    AUTH_KEEPER,  "none",    "rules.dropped",         1 * KB,   "",                  drop_draft },
        { METHOD_POST, "/api/v1/pack/proposals/{}/adopt",  PORT_USER,    AUTH_SESSION, "sees",    "pack.adopted",          16 * KB,  "",                  adopt_proposal },
        { METHOD_POST, "/api/v1/pack/proposals/{}/return", PORT_USER,    AUTH_SESSION, "sees",    "rules.returned",        16 * KB,  "",                  return_proposal },
        { METHOD_GET,  "/api/v1/people",                   PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "role",              list_people },
        { METHOD_GET,  "/api/v1/posts",                    PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  list_posts },
        { METHOD_GET,  "/api/v1/posts/{}",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_posts_of },
        { METHOD_POST, "/api/v1/posts/{}/end",             PORT_USER,    AUTH_KEEPER,  "none",    "role.ended",            16 * KB,  "",                  end_role },
        { METHOD_POST, "/api/v1/appointments",             PORT_USER,    AUTH_KEEPER,  "none",    "role.appointed",        16 * KB,  "",                  ask_appointment },
        { METHOD_POST, "/api/v1/appointments/{}/confirm",  PORT_USER,    AUTH_SESSION, "sees",    "role.appointed",        1 * KB,   "",                  confirm_appointment },
        { METHOD_POST, "/api/v1/appointments/{}/refuse",   PORT_USER,    AUTH_SESSION, "sees",    "role.refused",          16 * KB,  "",                  refuse_appointment },
        { METHOD_GET,  "/api/v1/forms",                    PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  list_forms },
        { METHOD_GET,  "/api/v1/forms/{}",                 PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "",                  get_form },
        { METHOD_POST, "/api/v1/forms/{}/check",           PORT_USER,    AUTH_SESSION, "none",    "READ",                  128 * KB, "",                  check_form },
        { METHOD_GET,  "/api/v1/forms/{}/sheet",           PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "format answer_sheet", get_form_sheet },
        { METHOD_POST, "/api/v1/forms/{}/sheet",           PORT_USER,    AUTH_SESSION, "none",    "READ",                  2048 * KB, "",                 read_form_sheet },
        { METHOD_GET,  "/api/v1/forms/{}/previous",        PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  list_previous },
        { METHOD_GET,  "/api/v1/drafts",                   PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  list_own_drafts },
        { METHOD_POST, "/api/v1/drafts",                   PORT_USER,    AUTH_SESSION, "self",    "LOCAL",                 128 * KB, "",                  add_own_draft },
        { METHOD_GET,  "/api/v1/drafts/{}",                PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_own_draft },
        { METHOD_POST, "/api/v1/drafts/{}",                PORT_USER,    AUTH_SESSION, "self",    "LOCAL",                 128 * KB, "",                  save_own_draft },
        { METHOD_POST, "/api/v1/drafts/{}/drop",           PORT_USER,    AUTH_SESSION, "self",    "LOCAL",                 1 * KB,   "",                  drop_own_draft },
        { METHOD_GET,  "/api/v1/applications",             PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "view state after",  list_applications },
        { METHOD_POST, "/api/v1/applications",             PORT_USER,    AUTH_SESSION, "self",    "application.submitted", 128 * KB, "",                  submit_application },
        { METHOD_GET,  "/api/v1/applications/{}",          PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_application },
        { METHOD_POST, "/api/v1/applications/{}/resubmit", PORT_USER,    AUTH_SESSION, "self",    "application.resubmitted", 128 * KB, "",                  resubmit_application },
        { METHOD_POST, "/api/v1/applications/{}/correct",  PORT_USER,    AUTH_SESSION, "self",    "application.corrected", 128 * KB, "",                  correct_application },
        { METHOD_POST, "/api/v1/applications/{}/fill",     PORT_USER,    AUTH_SESSION, "step",    "application.filled",    128 * KB, "",                  fill_sheet },
        { METHOD_POST, "/api/v1/applications/{}/judge",    PORT_USER,    AUTH_SESSION, "step",    "application.judged",    128 * KB, "",                  judge_application },
        { METHOD_POST, "/api/v1/applications/{}/rate",     PORT_USER,    AUTH_SESSION, "step",    "application.rated",     16 * KB,  "",                  rate_application },
        { METHOD_POST, "/api/v1/applications/{}/decide",   PORT_USER,    AUTH_SESSION, "step",    "application.decided",   16 * KB,  "",                  decide_application },
        { METHOD_POST, "/api/v1/applications/{}/withdraw", PORT_USER,    AUTH_SESSION, "self",    "application.withdrawn", 16 * KB,  "",                  withdraw_application },
        { METHOD_POST, "/api/v1/permits/{}/revoke",        PORT_USER,    AUTH_SESSION, "step",    "permit.revoked",        16 * KB,  "",                  revoke_permit },
        { METHOD_POST, "/api/v1/permits/{}/until",         PORT_USER,    AUTH_SESSION, "step",    "permit.changed",        16 * KB,  "",                  change_permit_until },
        { METHOD_GET,  "/api/v1/services",                 PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "q state section class after sort", list_services },
        { METHOD_GET,  "/api/v1/services/{}",              PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_service },
        { METHOD_GET,  "/api/v1/search",                   PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "q register after",  search_all },
        { METHOD_GET,  "/api/v1/registers",                PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "",                  list_registers },
        { METHOD_GET,  "/api/v1/registers/{}",             PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "q state section class of after sort", list_rows },
        { METHOD_POST, "/api/v1/registers/{}",             PORT_USER,    AUTH_SESSION, "sees",    "register.recorded",     256 * KB, "",                  add_row },
        { METHOD_GET,  "/api/v1/registers/{}/sheet",       PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "q state section class of after sort format", get_register_sheet },
        { METHOD_POST, "/api/v1/registers/{}/check",       PORT_USER,    AUTH_SESSION, "sees",    "READ",                  2048 * KB, "",                 check_import },
        { METHOD_POST, "/api/v1/registers/{}/import",      PORT_USER,    AUTH_SESSION, "sees",    "import.done",           2048 * KB, "",                 run_import },
        { METHOD_POST, "/api/v1/import/csv",               PORT_USER,    AUTH_SESSION, "none",    "READ",                  2048 * KB, "",                 read_list, true },
        { METHOD_GET,  "/api/v1/rows/{}",                  PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_row },
        { METHOD_POST, "/api/v1/rows/{}",                  PORT_USER,    AUTH_SESSION, "sees",    "register.changed",      256 * KB, "",                  change_row_cells },
        { METHOD_GET,  "/api/v1/rows/{}/history",          PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "after",             get_row_history },
        { METHOD_POST, "/api/v1/rows/{}/end",              PORT_USER,    AUTH_SESSION, "sees",    "register.ended",        16 * KB,  "",                  end_row },
        { METHOD_GET,  "/api/v1/papers",                   PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "about",             list_papers },
        { METHOD_GET,  "/api/v1/papers/{}",                PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "about format lang", get_paper },
        { METHOD_POST, "/api/v1/services/{}/suspend",      PORT_USER,    AUTH_SESSION, "step",    "service.suspended",     16 * KB,  "",                  suspend_service },
        { METHOD_POST, "/api/v1/services/{}/resume",       PORT_USER,    AUTH_SESSION, "step",    "service.resumed",       16 * KB,  "",                  resume_service },
        { METHOD_GET,  "/api/v1/duties",                   PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "view after",        list_duties },
        { METHOD_POST, "/api/v1/duties/{}/close",          PORT_USER,    AUTH_SESSION, "self",    "duty.closed",           16 * KB,  "",                  close_duty },
        { METHOD_GET,  "/api/v1/duties.ics",               PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_duties_ics },
        { METHOD_GET,  "/api/v1/calendar",                 PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "from to",           get_calendar },
        { METHOD_GET,  "/api/v1/deputies",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  list_deputies },
        { METHOD_POST, "/api/v1/deputies",                 PORT_USER,    AUTH_SESSION, "self",    "deputy.named",          4 * KB,   "",                  name_deputy },
        { METHOD_POST, "/api/v1/deputies/{}/end",          PORT_USER,    AUTH_SESSION, "self",    "deputy.ended",          16 * KB,  "",                  end_deputy },
        { METHOD_GET,  "/api/v1/answer-sheets",            PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "provider q",        list_answer_sheets },
        { METHOD_POST, "/api/v1/answer-sheets",            PORT_USER,    AUTH_SESSION, "sees",    "answer-sheet.recorded", 512 * KB, "",                  keep_answer_sheet },
        { METHOD_POST, "/api/v1/answer-sheets/receive",    PORT_USER,    AUTH_SESSION, "sees",    "answer-sheet.received", ANSWER_FILE_MAX, "",           receive_answer_sheet, true },
        { METHOD_GET,  "/api/v1/answer-sheets/{}",         PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_answer_sheet },
        { METHOD_GET,  "/api/v1/answer-sheets/{}/answers", PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "application",       reuse_answer_sheet },
        { METHOD_POST, "/api/v1/answer-sheets/{}/exchange", PORT_USER,   AUTH_KEEPER,  "none",    "answer-sheet.exported", 1 * KB,   "",                  export_answer_sheet },
        { METHOD_GET,  "/api/v1/peers",                    PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  list_peers },
        { METHOD_POST, "/api/v1/peers",                    PORT_USER,    AUTH_KEEPER,  "none",    "peer.added",            4 * KB,   "",                  add_peer },
        { METHOD_POST, "/api/v1/peers/{}/end",             PORT_USER,    AUTH_KEEPER,  "none",    "peer.ended",            1 * KB,   "",                  end_peer },
        { METHOD_GET,  "/api/v1/witnesses",                PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  list_witnesses },
        { METHOD_POST, "/api/v1/witnesses",                PORT_USER,    AUTH_KEEPER,  "none",    "witness.added",         4 * KB,   "",                  add_witness },
        { METHOD_POST, "/api/v1/witnesses/{}/end",         PORT_USER,    AUTH_KEEPER,  "none",    "witness.ended",         1 * KB,   "",                  end_witness },
        { METHOD_POST, "/api/v1/cosigned",                 PORT_USER,    AUTH_KEEPER,  "none",    "witness.cosigned",      16 * KB,  "",                  keep_cosigned },
        { METHOD_GET,  "/api/v1/files",                    PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "about",             list_files },
        { METHOD_POST, "/api/v1/files",                    PORT_USER,    AUTH_SESSION, "sees",    "attachment.added",      SCGI_BODY_MAX, "about name note dated_on", upload_file, true },
        { METHOD_GET,  "/api/v1/files/{}",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_file },
        { METHOD_POST, "/api/v1/files/{}/remove",          PORT_USER,    AUTH_SESSION, "sees",    "attachment.removed",    16 * KB,  "",                  remove_file },
        { METHOD_POST, "/api/v1/incidents/report",          PORT_USER,    AUTH_SESSION, "none",    "finding.recorded",      32 * KB,  "",                  report_incident },
        { METHOD_GET,  "/api/v1/findings",                  PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "view",              list_findings },
        { METHOD_POST, "/api/v1/findings/{}/close",         PORT_USER,    AUTH_SESSION, "sees",    "finding.closed",        16 * KB,  "",                  close_finding },
        { METHOD_GET,  "/api/v1/incidents",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "view after",        list_incidents },
        { METHOD_POST, "/api/v1/incidents",                 PORT_USER,    AUTH_SESSION, "sees",    "incident.opened",       64 * KB,  "",                  open_incident },
        { METHOD_GET,  "/api/v1/incidents/{}",              PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_incident },
        { METHOD_GET,  "/api/v1/incidents/{}/report",       PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_incident_report },
        { METHOD_POST, "/api/v1/incidents/{}/log",          PORT_USER,    AUTH_SESSION, "sees",    "incident.logged",       32 * KB,  "",                  log_incident },
        { METHOD_POST, "/api/v1/incidents/{}/grade",        PORT_USER,    AUTH_SESSION, "sees",    "incident.graded",       16 * KB,  "",                  grade_incident },
        { METHOD_POST, "/api/v1/incidents/{}/lead",         PORT_USER,    AUTH_SESSION, "sees",    "incident.led",          16 * KB,  "",                  lead_incident },
        { METHOD_POST, "/api/v1/incidents/{}/sheet",        PORT_USER,    AUTH_SESSION, "sees",    "incident.filled",       128 * KB, "",                  fill_incident },
        { METHOD_POST, "/api/v1/incidents/{}/contain",      PORT_USER,    AUTH_SESSION, "sees",    "incident.contained",    32 * KB,  "",                  contain_incident },
        { METHOD_POST, "/api/v1/incidents/{}/close",        PORT_USER,    AUTH_SESSION, "sees",    "incident.concluded",    32 * KB,  "",                  close_incident },
        { METHOD_POST, "/api/v1/incidents/{}/confirm",      PORT_USER,    AUTH_SESSION, "sees",    "incident.closed",       16 * KB,  "",                  confirm_incident },
        { METHOD_POST, "/api/v1/clocks/{}/reported",        PORT_USER,    AUTH_SESSION, "sees",    "clock.reported",        16 * KB,  "",                  report_clock },
        { METHOD_GET,  "/api/v1/alerts",                    PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  list_alerts },
        { METHOD_POST, "/api/v1/alerts/{}/acknowledge",     PORT_USER,    AUTH_SESSION, "sees",    "alert.acknowledged",    16 * KB,  "",                  acknowledge_alert },
        { METHOD_GET,  "/api/v1/contacts/now",              PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "",                  list_contacts_now },
        { METHOD_POST, "/api/v1/contacts/{}/checked",       PORT_USER,    AUTH_SESSION, "sees",    "contact.checked",       16 * KB,  "",                  check_contact },
        { METHOD_GET,  "/api/v1/audit/populations",        PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "from to body",      list_populations },
        { METHOD_GET,  "/api/v1/audit/populations/{}",     PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "from to body seed size format", get_population },
        { METHOD_GET,  "/api/v1/audit/exceptions",         PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "from to body",      list_audit_exceptions },
        { METHOD_GET,  "/api/v1/evidence",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  list_dossiers },
        { METHOD_POST, "/api/v1/evidence",                 PORT_USER,    AUTH_SESSION, "sees",    "evidence.made",         8 * KB,   "",                  order_dossier },
        { METHOD_GET,  "/api/v1/evidence/preview",         PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "kind id body from to names withhold", preview_dossier },
        { METHOD_GET,  "/api/v1/evidence/{}",              PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_dossier },
        { METHOD_GET,  "/api/v1/evidence/{}/pack",         PORT_USER,    AUTH_SESSION, "self",    "READ",                  0,        "",                  get_dossier_pack },
        { METHOD_GET,  "/api/v1/clock",                    PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  get_clock },
        { METHOD_POST, "/api/v1/clock/confirm",            PORT_USER,    AUTH_KEEPER,  "none",    "clock.confirmed",       1 * KB,   "",                  confirm_clock },
        { METHOD_GET,  "/api/v1/installation",             PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "part",              get_installation },
        { METHOD_GET,  "/api/v1/erasures",                 PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  list_erasures },
        { METHOD_POST, "/api/v1/erasures",                 PORT_USER,    AUTH_SESSION, "sees",    "erasure.asked",         16 * KB,  "",                  ask_erasure },
        { METHOD_POST, "/api/v1/erasures/{}/confirm",      PORT_USER,    AUTH_SESSION, "sees",    "erasure.confirmed",     1 * KB,   "",                  confirm_erasure },
        { METHOD_POST, "/api/v1/erasures/{}/refuse",       PORT_USER,    AUTH_SESSION, "sees",    "erasure.refused",       16 * KB,  "",                  refuse_erasure },
        { METHOD_GET,  "/api/v1/keys",                     PORT_USER,    AUTH_KEEPER,  "none",    "READ",                  0,        "",                  list_keys },
        { METHOD_POST, "/api/v1/keys/rotations",           PORT_USER,    AUTH_KEEPER,  "none",    "key.rotation-asked",    16 * KB,  "",                  ask_rotation },
        { METHOD_POST, "/api/v1/keys/rotations/{}/confirm", PORT_USER,   AUTH_KEEPER,  "none",    "key.rotation-confirmed", 1 * KB,  "",                  confirm_rotation },
        { METHOD_POST, "/api/v1/keys/rotations/{}/end",    PORT_USER,    AUTH_KEEPER,  "none",    "key.rotation-ended",    1 * KB,   "",                  end_rotation },
        { METHOD_GET,  "/api/v1/gates",                    PORT_USER,    AUTH_SYSTEM,  "none",    "READ",                  0,        "",                  list_gates },
        { METHOD_POST, "/api/v1/gates",                    PORT_USER,    AUTH_SYSTEM,  "none",    "gate.added",            4 * KB,   "",                  add_gate },
        { METHOD_GET,  "/api/v1/entries/{}/proof",         PORT_USER,    AUTH_SESSION, "sees",    "READ",                  0,        "",                  get_entry_proof },
        { METHOD_GET,  "/api/v1/checkpoint",               PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "",                  get_checkpoint },
        { METHOD_GET,  "/api/v1/consistency",              PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "from",              get_consistency },
        { METHOD_GET,  "/api/v1/status",                   PORT_USER,    AUTH_SESSION, "none",    "READ",                  0,        "",                  get_status },

        { METHOD_POST, "/m/v1/enrol",                      PORT_MACHINE, AUTH_CODE,    "code",    "gate.enrolled",         4 * KB,   "",                  enrol_gate },
        { METHOD_GET,  "/m/v1/grants",                     PORT_MACHINE, AUTH_GATE,    "self",    "READ",                  0,        "epoch seq",         stream_grants },
        { METHOD_POST, "/m/v1/report",                     PORT_MACHINE, AUTH_GATE,    "self",    "grants.applied",        16 * KB,  "",                  report_applied },

        { METHOD_GET,  "/c/v1/outbox",                     PORT_COURIER, AUTH_COURIER, "none",    "READ",                  0,        "sink after",        list_outbox },
        { METHOD_POST, "/c/v1/outbox/settle",              PORT_COURIER, AUTH_COURIER, "none",    "LOCAL",                 128 * KB, "",                  settle_outbox },
        { METHOD_POST, "/c/v1/sinks",                      PORT_COURIER, AUTH_COURIER, "none",    "LOCAL",                 32 * KB,  "",                  say_sinks },
};
const size_t routes_count = countof(routes);

const char *auth_name(enum auth a)
{
        static const char *const names[] = {
#define X(id, name) name,
                AUTHS(X)
#undef X
        };

        return names[a];
}

const char *method_name(enum method m)
{
        static const char *const names[] = { [METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_HEAD] = "HEAD" };

        return names[m];
}

/* Segment by segment; {} takes one non-empty segment. */
static bool path_is(const char *pattern, struct str path, struct str *param)
{
        const char *hole = strstr(pattern, "{}");
        struct str head = { pattern, hole ? (size_t)(hole - pattern) : strlen(pattern) }, tail = str_of(hole ? hole + 2 : ""), mid;

        if (!hole)
                return str_eq(path, head);
        if (path.n <= head.n + tail.n || memcmp(path.p, head.p, head.n) != 0 || memcmp(path.p + path.n - tail.n, tail.p, tail.n) != 0)
                return false;
        mid = (struct str){ path.p + head.n, path.n - head.n - tail.n };
        if (memchr(mid.p, '/', mid.n))
                return false;
        *param = mid;
        return true;
}

int route_find(const struct route **out, struct str *param, const struct scgi_request *r, enum port port, struct err *e)
{
        bool path_known = false;

        *param = STR("");
        for (size_t i = 0; i < routes_count; i++) {
                struct str hole = STR("");

                if (routes[i].port != port || !path_is(routes[i].path, r->path, &hole))
                        continue;
                path_known = true;
                /* Browsers and tools ask with HEAD; machines do not, and the head of a stream would be the whole stream. */
                if (routes[i].method == r->method || (r->method == METHOD_HEAD && routes[i].method == METHOD_GET && port == PORT_USER)) {
                        *out = &routes[i];
                        *param = hole;
                        return ERR_OK;
                }
        }
        return path_known ? err_key(e, ERR_METHOD, "common.method.unknown", "", NULL) : err_key(e, ERR_ABSENT, "common.route.absent", "", NULL);
}
