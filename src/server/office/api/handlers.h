/* handlers.h - what the rows of the route table run.
 *
 * Does      shape: JSON or form fields in, JSON or text out; decisions are core's, storing is the writer's.
 * Layer     server/office/api.
 * Fails     as the route's operation in docs/openapi.yaml and docs/formats/machines.md.
 */
#ifndef OFFICE_API_HANDLERS_H
#define OFFICE_API_HANDLERS_H

#include "server/office/api/route.h"

handler_fn page_sign_in, act_sign_in, act_sign_out;                                          /* sign_in.c */
handler_fn page_code, act_code, page_choose, act_choose, page_enrol, act_enrol_totp, get_totp_picture;     /* sign_in_on.c */
handler_fn change_password, list_resets, ask_reset, confirm_reset, end_reset;                /* account.c */
handler_fn get_session, get_status, get_checkpoint, get_consistency, get_entry_proof;   /* read.c */
handler_fn get_home, get_may_use, get_overview;                                              /* home.c, may_use.c, overview.c */
handler_fn list_populations, get_population, list_audit_exceptions;                            /* audit.c */
handler_fn preview_dossier, order_dossier, list_dossiers, get_dossier, get_dossier_pack;       /* evidence.c */
handler_fn get_clock, confirm_clock;                                                         /* clock.c */
handler_fn get_installation;                                                                /* installation.c */
handler_fn get_coverage;                                                                    /* coverage.c */
handler_fn list_posts, get_posts_of, get_inbox;                                             /* posts.c, inbox.c */
handler_fn ask_appointment, confirm_appointment, refuse_appointment, end_role;               /* appoint.c */
handler_fn list_erasures, ask_erasure, confirm_erasure, refuse_erasure;                     /* erasures.c */
handler_fn get_setup, post_setup;                                                            /* setup.c */
handler_fn list_forms, get_form, get_pack, list_people;                                      /* forms.c */
handler_fn get_sheet, read_sheet, check_sheet;                                               /* sheets.c */
handler_fn get_rules, start_draft, get_draft, drop_draft, propose_draft, adopt_proposal, return_proposal, check_draft_people;      /* rules.c */
handler_fn get_draft_record, edit_draft, put_draft_sheet, put_draft_file;                    /* rules_edit.c */
handler_fn get_form_sheet, read_form_sheet;                                                  /* form_sheet.c */
handler_fn get_register_sheet;                                                               /* register_sheet.c */
handler_fn read_list, check_import, run_import;                                              /* imports.c */
handler_fn list_services, get_service;                                                       /* services.c */
handler_fn search_all;                                                                       /* search.c */
handler_fn list_registers, list_rows, get_row, get_row_history, add_row, change_row_cells, end_row;   /* registers.c */
handler_fn list_witnesses, add_witness, end_witness, keep_cosigned;      /* witnesses.c */
handler_fn list_answer_sheets, get_answer_sheet, reuse_answer_sheet, keep_answer_sheet, list_peers, add_peer, end_peer;   /* answer_sheets.c */
handler_fn export_answer_sheet, receive_answer_sheet;                                       /* answer_files.c */
handler_fn upload_file, list_files, get_file, remove_file;                                   /* files.c */
handler_fn suspend_service, resume_service;                                                  /* suspend.c */
handler_fn get_calendar, get_duties_ics;                                                     /* calendar.c */
handler_fn list_duties, close_duty, list_deputies, name_deputy, end_deputy;                   /* duties.c */
handler_fn report_incident, list_findings, close_finding, list_incidents, get_incident, get_incident_report, open_incident;     /* incidents.c */
handler_fn grade_incident, log_incident, lead_incident, contain_incident, close_incident, confirm_incident, fill_incident, report_clock;    /* incidents.c */
handler_fn list_contacts_now, check_contact, list_alerts, acknowledge_alert;                 /* contacts.c */
handler_fn list_applications;                                                                /* applications.c */
handler_fn get_application;                                                                  /* case.c */
handler_fn list_previous, list_own_drafts, add_own_draft, get_own_draft, save_own_draft, drop_own_draft;    /* drafts.c */
handler_fn check_form;                                                                       /* check.c */
handler_fn submit_application, resubmit_application, correct_application, fill_sheet, judge_application, rate_application;   /* acts.c */
handler_fn decide_application, withdraw_application, revoke_permit, change_permit_until;     /* acts.c */
handler_fn page_decide, act_decide_page;                                                     /* decide_page.c */
handler_fn list_keys, ask_rotation, confirm_rotation, end_rotation, list_gates, add_gate;                                                             /* gates.c */
handler_fn enrol_gate, stream_grants, report_applied;                                        /* machines.c */
handler_fn list_outbox, settle_outbox, say_sinks;                                                    /* outbox.c */

handler_fn list_papers, get_paper;                                                           /* papers.c */

#endif
